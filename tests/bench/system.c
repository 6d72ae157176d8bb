/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small system. As /init, bare and in a guest, it prints how long its work
 * has taken: "system NAME NS", under -icount in instructions.
 */
#include "init.h"
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PROGRAMS 200
#define BLOCK	 (1u << 20)
#define BLOCKS	 64
#define LINES	 100

static void programs(void)
{
	for (int i = 0; i < PROGRAMS; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			execl("/init", "/init", "nothing", NULL);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
	}
}

static void copy(void)
{
	int in = open("/dev/zero", O_RDONLY), out = open("/dev/null", O_WRONLY);
	char *block = malloc(BLOCK);

	if (in < 0 || out < 0 || !block)
		die("copy");
	for (int i = 0; i < BLOCKS; i++)
		if (read(in, block, BLOCK) != BLOCK ||
		    write(out, block, BLOCK) != BLOCK)
			die("copy");
	close(in);
	close(out);
	free(block);
}

static void lines(int console)
{
	static const char line[] =
		"a line as kernels and their users print them all day long\n";

	for (int i = 0; i < LINES; i++)
		if (write(console, line, sizeof(line) - 1) < 0)
			die("console");
	tcdrain(console);
}

static void console_lines(const char *path, uint64_t *took)
{
	int console = open(path, O_WRONLY | O_NOCTTY);
	uint64_t before = now();

	if (console < 0)
		return;
	lines(console);
	*took = now() - before;
	close(console);
}

/* virtio-console's port, if there is one. */
static const char *port(void)
{
	static glob_t found;

	return glob("/dev/vport*", 0, NULL, &found) ? "/none" :
						      found.gl_pathv[0];
}

static uint64_t took(void (*work)(void))
{
	uint64_t before = now();

	work();
	return now() - before;
}

int main(int argc, char *argv[])
{
	uint64_t boot = now(), fork_exec, dd, pl011 = 0, virtio = 0;

	(void)argv;
	if (argc > 1) /* one of programs() */
		return 0;
	start_system();
	fork_exec = took(programs);
	dd = took(copy);
	console_lines("/dev/ttyAMA0", &pl011);
	console_lines(port(), &virtio);
	printf("\nsystem boot %llu\nsystem programs %llu\nsystem copy %llu\n"
	       "system pl011 %llu\nsystem virtio-console %llu\n",
	       (unsigned long long)boot, (unsigned long long)fork_exec,
	       (unsigned long long)dd, (unsigned long long)pl011,
	       (unsigned long long)virtio);
	fflush(stdout);
	tcdrain(1);
	reboot(RB_POWER_OFF);
	return 1;
}
