/* SPDX-License-Identifier: BSD-2-Clause */
/* A console on a UNIX socket, with one client at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bhyve/console/console_impl.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/sockets.h"
#include "bhyve/config/config.h"
#include "lib/ctl_path.h"

struct unix_console {
	int listen_fd;
	struct mevent *listen_ev;
	struct mevent *hangup; /* event of the client's descriptor */
	struct mevent *left;   /* a timer that runs when the client has left */
};

static void tell_changed(struct console *cons)
{
	console_func_t changed;

	pthread_mutex_lock(&cons->lock);
	changed = cons->changed;
	pthread_mutex_unlock(&cons->lock);
	if (changed)
		changed(cons->arg);
}

/*
 * The client has left. The caller may hold a device's lock, so the change is
 * reported from a timer.
 */
static bool input_ended(struct console *cons)
{
	struct unix_console *uc = cons->impl;

	if (uc->hangup)
		mevent_delete(uc->hangup);
	uc->hangup = NULL;
	close(cons->in_fd);
	console_set_fds(cons, -1, -1);
	cons->disconnected = true;
	mevent_timer(uc->left, 1);
	return false;
}

/*
 * Comes even if nobody reads the socket now. Data that the client has still
 * sent comes first; the end of that data reports its leaving.
 */
static void on_hangup(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	struct unix_console *uc = cons->impl;
	int unread = 0;

	(void)type;
	pthread_mutex_lock(&cons->lock);
	if (cons->in_fd == fd && !ioctl(fd, FIONREAD, &unread) && !unread)
		input_ended(cons);
	else if (uc->hangup)
		mevent_disable(uc->hangup);
	pthread_mutex_unlock(&cons->lock);
}

/* Lets the next client in. */
static void on_left(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	struct unix_console *uc = cons->impl;

	(void)fd, (void)type;
	tell_changed(cons);
	mevent_enable(uc->listen_ev);
}

/* The new socket's buffer takes all of it. A client that has gone loses it. */
static void send_backlog(const struct console_backlog *backlog, int fd)
{
	size_t at = backlog->total % CONSOLE_BACKLOG;

	if (backlog->total > CONSOLE_BACKLOG)
		send(fd, backlog->data + at, CONSOLE_BACKLOG - at,
		     MSG_NOSIGNAL);
	send(fd, backlog->data, at, MSG_NOSIGNAL);
}

static void on_connect(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	struct unix_console *uc = cons->impl;
	int client;

	(void)type;
	client = accept_client(fd);
	if (client < 0)
		return;
	mevent_disable(uc->listen_ev);
	pthread_mutex_lock(&cons->lock);
	if (cons->backlog) {
		send_backlog(cons->backlog, client);
		if (cons->backlog_once)
			cons->backlog->total = 0;
	}
	console_set_fds(cons, client, client);
	uc->hangup = mevent_add(client, EVF_HANGUP, on_hangup, cons);
	cons->disconnected = false;
	pthread_mutex_unlock(&cons->lock);
	tell_changed(cons);
}

int console_open_unix(struct console *cons, const char *path)
{
	struct unix_console *uc = calloc(1, sizeof(*uc));

	if (!uc)
		return -ENOMEM;
	uc->listen_fd = unix_listen(path);
	if (uc->listen_fd < 0) {
		int error = uc->listen_fd;

		eprintln("console=unix:%s: %s", path, strerror(-error));
		free(uc);
		return error;
	}
	cons->impl = uc;
	cons->input_ended = input_ended;
	cons->disconnected = true;
	uc->left = mevent_timer_add(on_left, cons);
	uc->listen_ev = mevent_add(uc->listen_fd, EVF_READ, on_connect, cons);
	return uc->listen_ev && uc->left ? 0 : -ENOMEM;
}

int console_open_ctl(struct console *cons)
{
	char path[256];
	int ret;

	ret = ctl_console_path(get_config_value("name"), path, sizeof(path));
	if (ret)
		return ret;
	cons->backlog = calloc(1, sizeof(*cons->backlog));
	return cons->backlog ? console_open_unix(cons, path) : -ENOMEM;
}
