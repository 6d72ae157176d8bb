/* SPDX-License-Identifier: BSD-2-Clause */
/* The control socket and its clients. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/run/checkpoint.h"
#include "bhyve/run/control.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/leftovers.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/sockets.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/receive.h"
#include "lib/ctl_path.h"

#define MAX_CLIENTS 8

struct client {
	int fd;
	int file;	      /* a descriptor that came along, or -1 */
	void (*cancel)(void); /* what it waits for, by hanging up; or NULL */
	struct mevent *ev;
	char line[CTL_LINE_MAX];
	size_t len;
};

static int listen_fd = -1;
static struct mevent *listen_ev;
static unsigned int nclients;

/* A link, as /dev/vmm/NAME on FreeBSD: managers check whether it exists. */
static void add_node(const char *dir, const char *name)
{
	char path[512], target[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	snprintf(target, sizeof(target), "%s" CTL_SUFFIX, name);
	unlink(path);
	if (!symlink(target, path))
		remove_at_exit(path);
}

/*
 * The directory must belong to this user, because its owner could replace the
 * socket.
 */
static bool make_directory(const char *dir)
{
	struct stat st;

	mkdir(dir, 0700);
	if (lstat(dir, &st)) {
		eprintln("%s: %s; bhyvectl will not find this VM", dir,
			 strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    !(st.st_mode & 077))
		return true;
	eprintln("%s is not a directory of this user's alone (mode 700): remove"
		 " it; bhyvectl will not find this VM",
		 dir);
	return false;
}

void control_listen(const char *name)
{
	char dir[256], path[512];

	if (ctl_directory(dir, sizeof(dir)) ||
	    ctl_socket_path(name, path, sizeof(path)))
		return;
	if (!make_directory(dir))
		return;
	listen_fd = unix_listen(path);
	if (listen_fd == -EADDRINUSE)
		die("there is a VM \"%s\" already: take another name, or end"
		    " it (bhyvectl --vm=%s --force-poweroff)",
		    name, name);
	if (listen_fd < 0)
		eprintln("%s: %s; bhyvectl will not find this VM", path,
			 strerror(-listen_fd));
	else
		add_node(dir, name);
}

static void drop_client(struct client *c)
{
	mevent_delete_close(c->ev);
	if (c->file >= 0)
		close(c->file);
	free(c);
	if (nclients-- == MAX_CLIENTS)
		mevent_enable(listen_ev);
}

/*
 * The socket's buffer is large enough for any answer; a client that does not
 * read its answer loses it.
 */
static void send_answer(struct client *c, char *reply)
{
	if (reply) {
		send(c->fd, reply, strlen(reply), MSG_NOSIGNAL);
		send(c->fd, "\n", 1, MSG_NOSIGNAL);
	}
	free(reply);
	drop_client(c);
}

static void on_copied(void *arg, const char *error,
		      const struct precopy_report *report)
{
	struct client *c = arg;

	c->cancel = NULL;
	send_answer(c, control_copied(error, report));
}

static void cancel_migration(void)
{
	migrate_cancel();
}

static void migrate(struct client *c)
{
	const char *why = receive_is_waiting() ?
				  "its guest has not come yet" :
				  migrate_start(c->file, c->fd, on_copied, c);

	c->cancel = cancel_migration;
	if (why)
		on_copied(c, why, NULL);
}

static void checkpoint(struct client *c)
{
	const char *why = checkpoint_start(c->file, on_copied, c);

	c->cancel = checkpoint_cancel;
	if (why)
		on_copied(c, why, NULL);
}

/* "migrate" and "checkpoint" are answered when they have ended. */
static void answer(struct client *c)
{
	if (!strcmp(c->line, "migrate"))
		migrate(c);
	else if (!strcmp(c->line, "checkpoint") && !receive_is_waiting() &&
		 checkpoint_is_live())
		checkpoint(c);
	else
		send_answer(c, control_answer(c->line, c->file));
}

/* on_copied() drops a client that waits. */
static void on_hangup(struct client *c)
{
	if (c->cancel)
		c->cancel();
	else
		drop_client(c);
}

/*
 * Keeps the descriptor that came with the message, the last one if there are
 * several; the kernel closes those for which the message has no room.
 */
static void keep_file(struct client *c, struct msghdr *msg)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(msg);

	if (!head || head->cmsg_level != SOL_SOCKET ||
	    head->cmsg_type != SCM_RIGHTS)
		return;
	if (c->file >= 0)
		close(c->file);
	memcpy(&c->file, CMSG_DATA(head), sizeof(c->file));
}

/* Reads the next part of the line, and returns what read(2) would. */
static ssize_t read_line(struct client *c)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = c->line + c->len,
			     .iov_len = sizeof(c->line) - 1 - c->len };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      /* Not CMSG_SPACE(): on a 64-bit host that has
			       * room for a second descriptor. */
			      .msg_controllen = CMSG_LEN(sizeof(int)) };
	ssize_t n = recvmsg(c->fd, &msg, MSG_CMSG_CLOEXEC);

	if (n > 0)
		keep_file(c, &msg);
	return n;
}

static void on_request(int fd, enum ev_type type, void *arg)
{
	struct client *c = arg;
	char *end;
	ssize_t n;

	(void)fd, (void)type;
	n = read_line(c);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		on_hangup(c);
		return;
	}
	if (c->cancel)
		return; /* no requests while one is being carried out */
	c->len += n;
	end = memchr(c->line, '\n', c->len);
	if (end) {
		*end = '\0';
		answer(c);
	} else if (c->len == sizeof(c->line) - 1) {
		drop_client(c);
	}
}

static void on_connect(int fd, enum ev_type type, void *arg)
{
	struct client *c;
	int client_fd;

	(void)type, (void)arg;
	client_fd = accept_client(fd);
	if (client_fd < 0)
		return;
	c = calloc(1, sizeof(*c));
	if (c) {
		c->fd = client_fd;
		c->file = -1;
		c->ev = mevent_add(client_fd, EVF_READ, on_request, c);
	}
	if (!c || !c->ev) {
		free(c);
		close(client_fd);
		return;
	}
	if (++nclients == MAX_CLIENTS)
		mevent_disable(listen_ev);
}

int control_init(struct vmctx *ctx, unsigned int ncpus)
{
	control_set_vm(ctx, ncpus);
	if (listen_fd < 0)
		return 0;
	listen_ev = mevent_add(listen_fd, EVF_READ, on_connect, NULL);
	return listen_ev ? 0 : -ENOMEM;
}
