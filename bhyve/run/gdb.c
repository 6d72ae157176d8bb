/* SPDX-License-Identifier: BSD-2-Clause */
/* The stub's socket, and its one debugger. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/sockets.h"
#include "bhyve/config/config.h"
#include "bhyve/run/gdb.h"
#include "bhyve/run/gdb_impl.h"
#include "bhyve/run/vmexit.h"

static struct gdb gdb;
static struct gdb_input input;
static int listen_fd = -1, client_fd = -1;
static struct mevent *listen_ev, *client_ev;

static void leave(void)
{
	if (client_fd < 0)
		return;
	gdb_detach(&gdb);
	mevent_delete_close(client_ev);
	client_fd = -1;
	mevent_enable(listen_ev);
}

/* A debugger that does not read its answers is disconnected. */
static void send_bytes(const char *bytes, size_t len)
{
	ssize_t n = send(client_fd, bytes, len, MSG_NOSIGNAL);

	if (n != (ssize_t)len)
		shutdown(client_fd, SHUT_RDWR);
}

void gdb_send(struct gdb *g)
{
	if (client_fd >= 0 && g->out.len)
		send_bytes(g->out.bytes, g->out.len);
}

/* False: the debugger disconnects. */
static bool on_packet(void)
{
	bool ack = !gdb.no_ack, stays;

	if (ack)
		send_bytes("+", 1);
	stays = gdb_command(&gdb, input.packet, input.len);
	gdb_send(&gdb);
	return stays;
}

static bool on_byte(uint8_t byte)
{
	switch (gdb_input_byte(&input, byte)) {
	case GDB_PACKET:
		return on_packet();
	case GDB_BROKEN:
		if (!gdb.no_ack)
			send_bytes("-", 1);
		return true;
	case GDB_INTERRUPT:
		gdb_interrupt(&gdb);
		return true;
	case GDB_RESEND:
		if (!gdb.no_ack)
			gdb_send(&gdb);
		return true;
	default:
		return true;
	}
}

static void on_readable(int fd, enum ev_type type, void *arg)
{
	uint8_t bytes[4096];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	(void)type, (void)arg;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave();
		return;
	}
	for (ssize_t i = 0; i < n; i++)
		if (!on_byte(bytes[i])) {
			leave();
			return;
		}
}

/* State of the last debugger is dropped. */
static void greet(int fd)
{
	client_fd = fd;
	input.state = GDB_IDLE;
	gdb.no_ack = false;
	gdb.physical = false;
	gdb.says_why = false;
	gdb.out.len = 0;
	mevent_disable(listen_ev);
	gdb_attach(&gdb);
}

static void on_connect(int fd, enum ev_type type, void *arg)
{
	int client = accept_client(fd);

	(void)type, (void)arg;
	if (client < 0)
		return;
	client_ev = mevent_add(client, EVF_READ, on_readable, NULL);
	if (client_ev)
		greet(client);
	else
		close(client);
}

static int listen_at(const struct addrinfo *ai)
{
	int one = 1, ret;
	int fd = socket(ai->ai_family,
			ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	/*
	 * Answers are small and the debugger waits for them; accepted sockets
	 * inherit the option.
	 */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (!bind(fd, ai->ai_addr, ai->ai_addrlen) && !listen(fd, 1))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static int tcp_listen(const char *address, const char *port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
					.ai_flags = AI_NUMERICSERV };
	struct addrinfo *list;
	int fd;

	/* Works without /etc/hosts, which a board may lack. */
	if (!strcmp(address, "localhost"))
		address = "127.0.0.1";
	if (getaddrinfo(address, port, &hints, &list))
		die("gdb.address=%s: no such address", address);
	fd = listen_at(list);
	freeaddrinfo(list);
	if (fd < 0)
		die("cannot listen for gdb at %s:%s: %s", address, port,
		    strerror(-fd));
	return fd;
}

static int open_socket(void)
{
	const char *path = get_config_value("gdb.socket");
	const char *port = get_config_value("gdb.port");
	const char *address = get_config_value("gdb.address");
	int fd;

	if (path && port)
		die("gdb.port and gdb.socket: give one of them");
	if (path) {
		fd = unix_listen(path);
		if (fd < 0)
			die("cannot listen for gdb at %s: %s", path,
			    strerror(-fd));
		return fd;
	}
	if (port && !gdb_is_port(port))
		die("gdb.port=%s: give a port, 1 to 65535", port);
	return port ? tcp_listen(address ? address : "localhost", port) : -1;
}

int gdb_init(struct vmctx *ctx, unsigned int ncpus)
{
	int ret;

	gdb.ctx = ctx;
	gdb.ncpus = ncpus;
	listen_fd = open_socket();
	if (listen_fd < 0)
		return 0;
	ret = gdb_arch_init(vm_get_vcpu(ctx, 0));
	if (!ret)
		ret = gdb_stop_init(&gdb);
	if (ret)
		return ret;
	if (get_config_bool_default("gdb.wait", false))
		vcpus_hold_at_start(ctx);
	listen_ev = mevent_add(listen_fd, EVF_READ, on_connect, NULL);
	return listen_ev ? 0 : -ENOMEM;
}

void gdb_end(int status)
{
	if (client_fd < 0)
		return;
	gdb_out_begin(&gdb.out);
	gdb_out_text(&gdb.out, "W%02x", status);
	gdb_out_end(&gdb.out);
	gdb_send(&gdb);
}
