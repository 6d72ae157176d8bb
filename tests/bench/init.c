/* SPDX-License-Identifier: BSD-2-Clause */
#include "init.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void die(const char *what)
{
	perror(what);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	exit(1);
}

uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void load_modules(void)
{
	char path[32];
	int i = 0, fd;

	for (;;) {
		snprintf(path, sizeof(path), "/modules/%d", i++);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			return;
		if (syscall(SYS_finit_module, fd, "", 0))
			die(path);
		close(fd);
	}
}

void start_system(void)
{
	if (mount("dev", "/dev", "devtmpfs", 0, NULL))
		die("devtmpfs");
	load_modules();
}
