/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "bhyve/base/connector.h"
#include "bhyve/base/privileges.h"
#include "bhyve/base/sandbox.h"
#include "bhyve/base/title.h"

#define RETRY_USEC 200000

union control {
	char space[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static int connect_or_close(int s, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = CONNECTION_TIMEOUT };
	int error;

	memcpy(addr.sun_path, path, strlen(path));
	if (!connect(s, (struct sockaddr *)&addr, sizeof(addr)) &&
	    !setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) &&
	    !setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		return s;
	error = -errno;
	close(s);
	return error;
}

int connect_to(const char *path)
{
	struct sockaddr_un addr;
	int s;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return s < 0 ? -errno : connect_or_close(s, path);
}

/* Sends the descriptor @fd to bhyve. True: bhyve has received it. */
static bool pass(int to, int fd)
{
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	union control control = { 0 };
	struct msghdr mh = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&mh);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &mh, MSG_NOSIGNAL) == 1;
}

/* Connects again at each request, until bhyve's end of the socket is closed. */
static void serve(const char *path, int bhyve)
{
	char byte;

	while (read(bhyve, &byte, 1) == 1) {
		int s;

		while ((s = connect_to(path)) < 0)
			usleep(RETRY_USEC);
		if (!pass(bhyve, s))
			return;
		close(s);
	}
}

static void __attribute__((noreturn))
child(const char *path, int bhyve, pid_t parent)
{
	set_child_title("bhyve-connector");
	if (!leave_parent(parent, bhyve, bhyve) && !drop_capabilities() &&
	    !sandbox_enter(SANDBOX_CONNECTOR))
		serve(path, bhyve);
	_exit(1);
}

int connector_start(const char *path)
{
	const pid_t self = getpid();
	int fds[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return -errno;
	pid = fork();
	if (pid == 0)
		child(path, fds[1], self);
	close(fds[1]);
	if (pid > 0)
		return fds[0];
	close(fds[0]);
	return -EAGAIN;
}

int connector_take(int connector)
{
	char byte;
	struct iovec iov = { &byte, 1 };
	union control control;
	struct msghdr mh = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(connector, &mh, MSG_CMSG_CLOEXEC) != 1)
		return -ECHILD;
	c = CMSG_FIRSTHDR(&mh);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -EPROTO;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}
