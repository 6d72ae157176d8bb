/* SPDX-License-Identifier: BSD-2-Clause */
/* The console on a UNIX socket; one client at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bhyve/console_impl.h"
#include "bhyve/debug.h"
#include "bhyve/sockets.h"

struct unix_console {
	int listen_fd;
	struct mevent *listen_ev;
};

/* The client left: room for the next one. */
static bool input_ended(struct console *cons)
{
	struct unix_console *uc = cons->impl;

	close(cons->in_fd);
	console_set_fds(cons, -1, -1);
	mevent_enable(uc->listen_ev);
	return false;
}

static void on_connect(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	struct unix_console *uc = cons->impl;
	int client;

	(void)type;
	client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (client < 0)
		return;
	mevent_disable(uc->listen_ev);
	pthread_mutex_lock(&cons->lock);
	console_set_fds(cons, client, client);
	pthread_mutex_unlock(&cons->lock);
}

int console_open_unix(struct console *cons, const char *path)
{
	struct unix_console *uc = calloc(1, sizeof(*uc));

	if (!uc)
		return -ENOMEM;
	uc->listen_fd = unix_listen(path);
	if (uc->listen_fd < 0) {
		eprintln("console=unix:%s: %s", path, strerror(-uc->listen_fd));
		return uc->listen_fd;
	}
	cons->impl = uc;
	cons->input_ended = input_ended;
	uc->listen_ev = mevent_add(uc->listen_fd, EVF_READ, on_connect, cons);
	return uc->listen_ev ? 0 : -ENOMEM;
}
