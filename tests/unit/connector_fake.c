/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "bhyve/base/connector.h"
#include "tests/unit/connector_fake.h"

int (*connector_fake_connect)(const char *path);

static const char *where;
static int ours = -1, connection = -1;

int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = CONNECTION_TIMEOUT };
	int s;

	if (connector_fake_connect)
		return connector_fake_connect(path);
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	strncpy(addr.sun_path, path, sizeof(addr.sun_path) - 1);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (!connect(s, (struct sockaddr *)&addr, sizeof(addr)))
		return s;
	close(s);
	return -ECONNREFUSED;
}

int connector_start(const char *path)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return -errno;
	where = path;
	ours = fds[1];
	return fds[0];
}

bool connector_fake_serve(void)
{
	char byte;

	if (connection < 0 &&
	    recv(ours, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 1)
		return false;
	connection = connect_to(where);
	if (connection < 0)
		return false;
	return recv(ours, &byte, 1, 0) == 1 && write(ours, "", 1) == 1;
}

int connector_take(int connector)
{
	int fd = connection;
	char byte;

	connection = -1;
	return read(connector, &byte, 1) == 1 ? fd : -ECHILD;
}
