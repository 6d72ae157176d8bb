/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#include "bhyvectl/console.h"
#include "lib/ctl_path.h"

#define DETACH_KEY ('\x1d') /* Control-] */

static struct termios saved;
static bool is_raw;

static void restore_terminal(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	is_raw = false;
}

static void make_raw(const char *name)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &saved))
		return;
	fprintf(stderr, "bhyvectl: console of %s; Control-] detaches\r\n",
		name);
	raw = saved;
	cfmakeraw(&raw);
	is_raw = !tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	atexit(restore_terminal);
}

static int connect_console(const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, ret;

	ret = ctl_console_path(name, addr.sun_path, sizeof(addr.sun_path));
	if (ret)
		return ret;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static bool write_all(int fd, const char *buf, ssize_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			buf += n;
			len -= n;
		}
	}
	return true;
}

/* False: this end has hung up. */
static bool copy(int from, int to)
{
	char buf[4096];
	ssize_t n = read(from, buf, sizeof(buf));

	if (n < 0)
		return errno == EINTR;
	return n > 0 && write_all(to, buf, n);
}

enum typed {
	TYPED,
	TYPED_DETACH,
	TYPED_END
};

static enum typed copy_typed(int to)
{
	char buf[4096], *key;
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));

	if (n <= 0)
		return n < 0 && errno == EINTR ? TYPED : TYPED_END;
	key = memchr(buf, DETACH_KEY, n);
	if (!write_all(to, buf, key ? key - buf : n) || key)
		return TYPED_DETACH;
	return TYPED;
}

static void carry(int fd)
{
	struct pollfd pfd[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};
	enum typed typed = TYPED;

	while (typed != TYPED_DETACH) {
		if (poll(pfd, 2, -1) < 0)
			continue;
		if (pfd[0].revents && !copy(fd, STDOUT_FILENO))
			return;
		if (pfd[1].revents)
			typed = copy_typed(fd);
		if (typed == TYPED_END)
			pfd[1].fd = -1;
	}
}

int console_attach(const char *name)
{
	int fd = connect_console(name);

	if (fd < 0)
		return fd;
	make_raw(name);
	carry(fd);
	restore_terminal();
	close(fd);
	return 0;
}
