/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process has one thread, and no other thread calls libslirp. The library
 * is loaded only where user-mode networking is used, because loading it and
 * glib takes a million instructions.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <slirp/libslirp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bhyve/base/debug.h"
#include "bhyve/base/privileges.h"
#include "bhyve/base/sandbox.h"
#include "bhyve/base/title.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/net/slirp_guard.h"
#include "bhyve/net/slirp_process.h"

/* The network that QEMU's guests see. */
#define NET_ADDR    "10.0.2.0"
#define NET_MASK    "255.255.255.0"
#define HOST_ADDR   "10.0.2.2"
#define PREFIX6	    "fec0::"
#define PREFIX6_LEN 64
#define HOST_ADDR6  "fec0::2"

/* The soname of the library whose header this file includes. */
#define LIBSLIRP "libslirp.so.0"

static struct {
	__typeof__(slirp_new) *new;
	__typeof__(slirp_add_hostfwd) *add_hostfwd;
	__typeof__(slirp_input) *input;
	__typeof__(slirp_pollfds_fill) *pollfds_fill;
	__typeof__(slirp_pollfds_poll) *pollfds_poll;
} libslirp;

/* libslirp uses a timer to send router advertisements of IPv6. */
struct slirp_timer {
	struct slirp_timer *next;
	SlirpTimerCb func;
	void *arg;
	int64_t at; /* in ms of clock_get_ns(); INT64_MAX: not set */
};

struct slirp_net {
	Slirp *slirp;
	struct slirp_timer *timers;
	int fd; /* to bhyve */
	struct pollfd *polls;
	int npolls;
	int room;
	bool host_loopback;
	uint8_t frame[NET_FRAME_MAX];
};

/* A full socket drops the frame, as a full wire does. */
static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
	struct slirp_net *sn = opaque;

	return send(sn->fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void guest_error(const char *msg, void *opaque)
{
	(void)opaque;
	guest_println("slirp: %s", msg);
}

static int64_t clock_get_ns(void *opaque)
{
	struct timespec ts;

	(void)opaque;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/* Descriptors are collected anew each round; nothing is remembered. */
static void poll_fd_unused(int fd, void *opaque)
{
	(void)fd;
	(void)opaque;
}

/* No other thread calls the library: there is none to wake. */
static void notify_unused(void *opaque)
{
	(void)opaque;
}

static void *timer_new(SlirpTimerCb func, void *arg, void *opaque)
{
	struct slirp_net *sn = opaque;
	struct slirp_timer *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	*t = (struct slirp_timer){ sn->timers, func, arg, INT64_MAX };
	sn->timers = t;
	return t;
}

static void timer_free(void *timer, void *opaque)
{
	struct slirp_net *sn = opaque;
	struct slirp_timer **p = &sn->timers;

	while (*p && *p != timer)
		p = &(*p)->next;
	if (*p)
		*p = (*p)->next;
	free(timer);
}

static void timer_mod(void *timer, int64_t at, void *opaque)
{
	struct slirp_timer *t = timer;

	(void)opaque;
	t->at = at;
}

static int64_t clock_get_ms(void)
{
	return clock_get_ns(NULL) / 1000000;
}

/* How long poll() may wait: @ms, or until the next timer. */
static int until_timers(const struct slirp_net *sn, uint32_t ms)
{
	int64_t now = clock_get_ms(), wait = ms < INT32_MAX ? ms : INT32_MAX;

	for (const struct slirp_timer *t = sn->timers; t; t = t->next)
		if (t->at != INT64_MAX && t->at - now < wait)
			wait = t->at > now ? t->at - now : 0;
	return wait;
}

static void run_timers(struct slirp_net *sn)
{
	int64_t now = clock_get_ms();

	for (struct slirp_timer *t = sn->timers; t; t = t->next)
		if (t->at <= now) {
			t->at = INT64_MAX;
			t->func(t->arg);
		}
}

static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = clock_get_ns,
	.timer_new = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = poll_fd_unused,
	.unregister_poll_fd = poll_fd_unused,
	.notify = notify_unused,
};

static const struct {
	int slirp;
	short poll;
} events[] = {
	{ SLIRP_POLL_IN, POLLIN },   { SLIRP_POLL_OUT, POLLOUT },
	{ SLIRP_POLL_PRI, POLLPRI }, { SLIRP_POLL_ERR, POLLERR },
	{ SLIRP_POLL_HUP, POLLHUP },
};
#define NEVENTS (sizeof(events) / sizeof(events[0]))

static int add_poll(int fd, int want, void *opaque)
{
	struct slirp_net *sn = opaque;
	unsigned int room = sn->room ? 2 * sn->room : 16, i;
	struct pollfd *p;

	if (sn->npolls == sn->room) {
		p = realloc(sn->polls, room * sizeof(*p));
		if (!p)
			return -1;
		sn->polls = p;
		sn->room = room;
	}
	p = &sn->polls[sn->npolls];
	p->fd = fd;
	p->events = 0;
	for (i = 0; i < NEVENTS; i++)
		if (want & events[i].slirp)
			p->events |= events[i].poll;
	return sn->npolls++;
}

static int get_revents(int idx, void *opaque)
{
	struct slirp_net *sn = opaque;
	unsigned int i;
	int got = 0;

	if (idx < 0)
		return 0;
	for (i = 0; i < NEVENTS; i++)
		if (sn->polls[idx].revents & events[i].poll)
			got |= events[i].slirp;
	return got;
}

static void from_guest(struct slirp_net *sn)
{
	ssize_t len;

	for (;;) {
		len = recv(sn->fd, sn->frame, sizeof(sn->frame), MSG_DONTWAIT);
		if (len <= 0)
			return;
		if (sn->host_loopback || !slirp_is_for_loopback(sn->frame, len))
			libslirp.input(sn->slirp, sn->frame, len);
	}
}

/* Until bhyve's end of the socket is closed. */
static void serve(struct slirp_net *sn)
{
	for (;;) {
		uint32_t timeout = 1000;
		int n;

		sn->npolls = 0;
		if (add_poll(sn->fd, SLIRP_POLL_IN, sn) < 0)
			return;
		libslirp.pollfds_fill(sn->slirp, &timeout, add_poll, sn);
		n = poll(sn->polls, sn->npolls, until_timers(sn, timeout));
		libslirp.pollfds_poll(sn->slirp, n < 0, get_revents, sn);
		run_timers(sn);
		if (n > 0 && sn->polls[0].revents)
			from_guest(sn);
		if (n > 0 && sn->polls[0].revents & POLLHUP)
			return;
	}
}

static void *find(void *lib, const char *name)
{
	void *func = dlsym(lib, name);

	if (!func)
		eprintln("slirp: " LIBSLIRP " is too old: %s", dlerror());
	return func;
}

static bool load_library(const char *tag)
{
	void *lib = dlopen(LIBSLIRP, RTLD_NOW);

	if (!lib) {
		eprintln("%s: slirp needs a library, Debian's package"
			 " libslirp0: %s",
			 tag, dlerror());
		return false;
	}
	libslirp.new = find(lib, "slirp_new");
	libslirp.add_hostfwd = find(lib, "slirp_add_hostfwd");
	libslirp.input = find(lib, "slirp_input");
	libslirp.pollfds_fill = find(lib, "slirp_pollfds_fill");
	libslirp.pollfds_poll = find(lib, "slirp_pollfds_poll");
	return libslirp.new != NULL &&libslirp.add_hostfwd !=
	       NULL &&libslirp.input != NULL &&libslirp.pollfds_fill !=
	       NULL &&libslirp.pollfds_poll != NULL;
}

static bool make_network(struct slirp_net *sn, const struct slirp_options *opts)
{
	SlirpConfig cfg = {
		.version = 1,
		.in_enabled = true,
		/* A restricted guest reaches nothing, by IPv6 neither. */
		.in6_enabled = !opts->restricted,
		.vprefix_len = PREFIX6_LEN,
		.restricted = opts->restricted,
		.disable_host_loopback = !opts->host_loopback,
		.if_mtu = opts->mtu,
		.if_mru = opts->mtu,
	};

	inet_aton(NET_ADDR, &cfg.vnetwork);
	inet_aton(NET_MASK, &cfg.vnetmask);
	inet_aton(HOST_ADDR, &cfg.vhost);
	inet_aton(SLIRP_GUEST_ADDR, &cfg.vdhcp_start);
	inet_aton(SLIRP_DNS_ADDR, &cfg.vnameserver);
	inet_pton(AF_INET6, PREFIX6, &cfg.vprefix_addr6);
	inet_pton(AF_INET6, HOST_ADDR6, &cfg.vhost6);
	inet_pton(AF_INET6, SLIRP_DNS_ADDR6, &cfg.vnameserver6);
	sn->slirp = libslirp.new(&cfg, &callbacks, sn);
	return sn->slirp;
}

static bool add_forwards(struct slirp_net *sn, const struct slirp_options *opts,
			 const char *tag)
{
	for (unsigned int i = 0; i < opts->nforwards; i++) {
		const struct slirp_forward *f = &opts->forwards[i];

		if (libslirp.add_hostfwd(sn->slirp, f->udp, f->host,
					 f->host_port, f->guest,
					 f->guest_port) == 0)
			continue;
		eprintln("%s: hostfwd: the host's port %d cannot be had: %s",
			 tag, f->host_port, strerror(errno));
		return false;
	}
	return true;
}

static bool shut_in(const char *tag)
{
	int ret = sandbox_enter(SANDBOX_NET);

	if (ret)
		eprintln("%s: cannot confine slirp: %s", tag, strerror(-ret));
	return !ret;
}

/* Runs in the child. It writes one byte to @ready if the start has succeeded. */
static void run(const struct slirp_options *opts, int fd, int ready,
		const char *tag)
{
	static struct slirp_net sn;

	sn.fd = fd;
	sn.host_loopback = opts->host_loopback;
	if (!load_library(tag))
		return;
	if (!make_network(&sn, opts)) {
		eprintln("%s: slirp does not start", tag);
		return;
	}
	if (!add_forwards(&sn, opts, tag))
		return;
	if (be_nobody()) {
		eprintln("%s: slirp cannot give up root's rights", tag);
		return;
	}
	if (!shut_in(tag) || write(ready, "", 1) != 1)
		return;
	close(ready);
	serve(&sn);
}

static void __attribute__((noreturn))
child(const struct slirp_options *opts, int fd, int ready, pid_t parent,
      const char *tag)
{
	set_child_title("bhyve-slirp");
	if (!leave_parent(parent, fd, ready))
		run(opts, fd, ready, tag);
	_exit(1);
}

/* False: the process did not start, and has printed why. */
static bool wait_ready(int fd)
{
	char byte;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

int slirp_process_start(const struct slirp_options *opts, int fd,
			const char *tag, pid_t *pid)
{
	const pid_t self = getpid();
	int ready[2];
	bool ok;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	*pid = fork();
	if (*pid == 0)
		child(opts, fd, ready[1], self, tag);
	close(ready[1]);
	ok = *pid > 0 && wait_ready(ready[0]);
	close(ready[0]);
	if (*pid < 0)
		eprintln("%s: no process for slirp: %s", tag, strerror(errno));
	return ok ? 0 : -ECHILD;
}
