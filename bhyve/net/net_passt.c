/* SPDX-License-Identifier: BSD-2-Clause */
/* User-mode networking by passt(1), which listens on a UNIX socket. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/net/net_stream.h"

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(addr.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    fcntl(fd, F_SETFL, O_NONBLOCK))
		return -errno;
	return fd;
}

/* The socket; or its copy, if another process has connected it. */
static int connect_or_copy(struct config_node *node, const char *path)
{
	uint64_t given;
	int fd;

	if (get_config_u64_node(node, "fd", &given))
		return connect_to(path);
	fd = dup(given);
	return fd < 0 ? -errno : fd;
}

int net_passt_open(struct net_backend *be, struct config_node *node,
		   const char *tag)
{
	const char *path = get_config_value_node(node, "path");
	int fd;

	if (!path ||
	    strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return refuse(
			"%s: passt: give the path of its socket: passt,PATH",
			tag);
	fd = connect_or_copy(node, path);
	if (fd < 0)
		return refuse("%s: passt does not answer at %s: %s; start it"
			      " with: passt -s %s",
			      tag, path, strerror(-fd), path);
	be->fd[be->nqueues++] = fd;
	be->stream = net_stream_new(fd);
	if (!be->stream)
		return refuse("%s: out of memory or descriptors", tag);
	return 0;
}
