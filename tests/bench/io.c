/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Disk and network work, the same in a guest and on the host. It prints "io
 * NAME NS OPERATIONS" for each kind of work; under -icount NS are instructions.
 * As a guest's process 1 it prints "look NAME" before and after each, and waits
 * for a line of input, so that the vCPU's counters can be read.
 *
 * 	io serve	the network's other end
 * 	io DISK ADDRESS	the work: on DISK, and with the other end at ADDRESS
 */
#include "init.h"
#include "io.h"
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static void nothing(unsigned int ops)
{
	(void)ops;
}

static struct {
	const char *name;
	void (*work)(unsigned int ops);
	unsigned int ops;
	uint64_t took;
} works[] = {
	{ "nothing", nothing, 1, 0 }, /* the cost of looking */
	{ "blk-read-1", disk_read, 1000, 0 },
	{ "blk-write-1", disk_write, 1000, 0 },
	{ "blk-read-32", disk_read_deep, 1000, 0 },
	{ "blk-write-32", disk_write_deep, 1000, 0 },
	{ "net-ask", net_ask, 1000, 0 },
	{ "net-send", net_send, 200, 0 },
	{ "net-receive", net_receive, 200, 0 },
};
#define NWORKS (sizeof(works) / sizeof(works[0]))

/* In a guest: lets the counters be read. */
static void look(const char *name)
{
	char c;

	printf("look %-12s\n", name);
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
		;
}

static void work(bool guest)
{
	for (size_t i = 0; i < NWORKS; i++) {
		uint64_t before;

		/* Everything that happens only once happens here. */
		works[i].work(works[i].ops / 4);
		if (guest)
			look(works[i].name);
		before = now();
		works[i].work(works[i].ops);
		works[i].took = now() - before;
		if (guest)
			look(works[i].name);
	}
	for (size_t i = 0; i < NWORKS; i++)
		printf("io %s %llu %u\n", works[i].name,
		       (unsigned long long)works[i].took, works[i].ops);
	fflush(stdout);
}

/* No scheduler, like the host's loop device. */
static void no_scheduler(void)
{
	int fd;

	if (mkdir("/sys", 0755) || mount("sys", "/sys", "sysfs", 0, NULL))
		die("sysfs");
	fd = open("/sys/block/vda/queue/scheduler", O_WRONLY);
	if (fd < 0 || write(fd, "none", 4) != 4)
		die("scheduler");
	close(fd);
}

static void no_echo(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &t))
		die("console");
	t.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

static void guest(void)
{
	start_system();
	no_scheduler();
	no_echo();
	disk_open("/dev/vda");
	net_configure("eth0", "192.0.2.2");
	net_peer("192.0.2.1");
	work(true);
	tcdrain(STDOUT_FILENO);
	reboot(RB_POWER_OFF);
}

int main(int argc, char *argv[])
{
	if (getpid() == 1)
		guest();
	if (argc == 2 && !strcmp(argv[1], "serve"))
		net_serve();
	if (argc != 3)
		return 1;
	disk_open(argv[1]);
	net_peer(argv[2]);
	work(false);
	return 0;
}
