/* SPDX-License-Identifier: BSD-2-Clause */
/* Listening UNIX sockets. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "bhyve/base/leftovers.h"
#include "bhyve/base/sockets.h"

static bool is_alive(int fd, const struct sockaddr_un *addr)
{
	return connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 ||
	       errno == EAGAIN;
}

static int bind_and_listen(int fd, const struct sockaddr_un *addr)
{
	mode_t mask = umask(077);
	int ret;

	ret = bind(fd, (const struct sockaddr *)addr, sizeof(*addr));
	umask(mask);
	if (ret < 0 || listen(fd, 8) < 0)
		return -errno;
	return 0;
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

/* Removes the socket of a process that was killed. */
static int clear_stale(const struct sockaddr_un *addr)
{
	struct stat st;
	bool alive;
	int fd;

	if (lstat(addr->sun_path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = new_socket();
	if (fd < 0)
		return fd;
	alive = is_alive(fd, addr);
	close(fd);
	if (alive)
		return -EADDRINUSE;
	return unlink(addr->sun_path) < 0 ? -errno : 0;
}

/*
 * A descriptor in reserve. When the process has no free descriptor, it is closed, so
 * that a client can be accepted and turned away. The event thread alone uses it.
 */
static int spare = -1;

int unix_listen(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	ret = clear_stale(&addr);
	if (ret)
		return ret;
	fd = new_socket();
	if (fd < 0)
		return fd;
	ret = bind_and_listen(fd, &addr);
	if (!ret && spare < 0)
		spare = dup(fd);
	if (!ret)
		ret = remove_at_exit(path);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

static int accept_one(int listen_fd)
{
	return accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* A client that is left waiting would wake the event thread again and again. */
static void turn_away(int listen_fd)
{
	close(spare);
	spare = accept_one(listen_fd);
	if (spare >= 0)
		close(spare);
	spare = -1;
}

int accept_client(int listen_fd)
{
	int fd = accept_one(listen_fd);
	bool none_left = fd < 0 && (errno == EMFILE || errno == ENFILE);

	if (none_left && spare >= 0)
		turn_away(listen_fd);
	if (spare < 0)
		spare = dup(listen_fd);
	return fd;
}

int claim_name(const char *kind, const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t room = sizeof(addr.sun_path) - 1;
	int fd, len;

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	len = snprintf(addr.sun_path + 1, room, "bhyvearm/%s/%s", kind, name);
	if (bind(fd, (struct sockaddr *)&addr,
		 offsetof(struct sockaddr_un, sun_path) + 1 +
			 ((size_t)len < room ? (size_t)len : room)) == 0)
		return 0;
	close(fd);
	return -EADDRINUSE;
}
