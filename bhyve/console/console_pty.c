/* SPDX-License-Identifier: BSD-2-Clause */
/* A console on a new pseudo-terminal. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include "bhyve/console/console_impl.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/leftovers.h"
#include "bhyve/base/sockets.h"

/* Replaces the link of an earlier run; refuses any other file. */
static int make_link(const char *target, const char *link)
{
	struct stat st;
	int ret;

	if (claim_name("pty", link) == -EADDRINUSE) {
		eprintln("console=pty:%s: the link is another VM's: give each"
			 " its own",
			 link);
		return -EADDRINUSE;
	}
	if (lstat(link, &st) == 0 && S_ISLNK(st.st_mode))
		unlink(link);
	if (symlink(target, link) < 0) {
		ret = -errno;
		eprintln("console=pty:%s: %s", link, strerror(-ret));
		return ret;
	}
	return remove_at_exit(link);
}

/* The other end was closed; it may be opened again. */
static bool input_ended(struct console *cons)
{
	(void)cons;
	return false;
}

static bool output_gone(struct console *cons)
{
	struct pollfd pfd = { .fd = cons->out_fd };

	return poll(&pfd, 1, 0) == 1 && pfd.revents & POLLHUP;
}

static int open_pty(char *name, size_t room)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct termios tio;
	int slave;

	if (fd < 0)
		return -errno;
	if (grantpt(fd) || unlockpt(fd) || ptsname_r(fd, name, room) ||
	    tcgetattr(fd, &tio))
		return -errno;
	cfmakeraw(&tio);
	tcsetattr(fd, TCSANOW, &tio);
	/*
	 * A pseudo-terminal reports that nobody has it open only after it has
	 * been opened once.
	 */
	slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave >= 0)
		close(slave);
	return fd;
}

int console_open_pty(struct console *cons, const char *link)
{
	char name[64];
	int fd, ret;

	fd = open_pty(name, sizeof(name));
	if (fd < 0) {
		eprintln("console=pty: no pseudo-terminal: %s", strerror(-fd));
		return fd;
	}
	ret = link ? make_link(name, link) : 0;
	if (ret)
		return ret;
	eprintln("console on %s", name);
	cons->input_ended = input_ended;
	cons->output_gone = output_gone;
	return console_set_fds(cons, fd, fd);
}
