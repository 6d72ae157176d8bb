/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User-mode networking by libslirp, which needs no privilege. The library has a
 * thread of its own; frames pass through a pair of sockets, so that to the
 * device it is a descriptor like a tap's. It is loaded only when it is used:
 * with glib, which it needs, that takes a million instructions.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <slirp/libslirp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/base/sandbox.h"
#include "bhyve/base/thread.h"

/* The network that QEMU's guests see. */
#define NET_ADDR   "10.0.2.0"
#define NET_MASK   "255.255.255.0"
#define HOST_ADDR  "10.0.2.2"
#define DNS_ADDR   "10.0.2.3"
#define GUEST_ADDR "10.0.2.15"

#define SOCKET_BUFFER (1 << 20)

/*
 * The library that fits libslirp.h, by the name that programs are linked with.
 */
#define LIBSLIRP "libslirp.so.0"

static struct {
	__typeof__(slirp_new) *new;
	__typeof__(slirp_add_hostfwd) *add_hostfwd;
	__typeof__(slirp_input) *input;
	__typeof__(slirp_pollfds_fill) *pollfds_fill;
	__typeof__(slirp_pollfds_poll) *pollfds_poll;
} libslirp;

struct slirp_net {
	Slirp *slirp;
	int fd; /* our end of the pair */
	struct pollfd *polls;
	int npolls;
	int room;
	uint8_t frame[NET_FRAME_MAX];
};

/* A frame that finds the socket full is dropped, as on a busy wire. */
static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
	struct slirp_net *sn = opaque;

	return send(sn->fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void guest_error(const char *msg, void *opaque)
{
	(void)opaque;
	eprintln("slirp: %s", msg);
}

static int64_t clock_get_ns(void *opaque)
{
	struct timespec ts;

	(void)opaque;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/*
 * The set of descriptors is collected anew in each round, so nothing is
 * remembered.
 */
static void poll_fd_unused(int fd, void *opaque)
{
	(void)fd;
	(void)opaque;
}

/* Only the library's own thread calls it, so there is nobody to wake. */
static void notify_unused(void *opaque)
{
	(void)opaque;
}

/* The timer callbacks are for IPv6, which is off. */
static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = clock_get_ns,
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
	struct pollfd *p;
	unsigned int i;

	if (sn->npolls == sn->room) {
		p = realloc(sn->polls, 2 * sn->room * sizeof(*p));
		if (!p)
			return -1;
		sn->polls = p;
		sn->room *= 2;
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
		libslirp.input(sn->slirp, sn->frame, len);
	}
}

static void *slirp_thread(void *arg)
{
	struct slirp_net *sn = arg;

	for (;;) {
		uint32_t timeout = 1000;
		int n;

		sn->npolls = 0;
		add_poll(sn->fd, SLIRP_POLL_IN, sn);
		libslirp.pollfds_fill(sn->slirp, &timeout, add_poll, sn);
		n = poll(sn->polls, sn->npolls, timeout);
		libslirp.pollfds_poll(sn->slirp, n < 0, get_revents, sn);
		if (n > 0 && sn->polls[0].revents)
			from_guest(sn);
	}
	return NULL;
}

/* Parses "ADDR:PORT" up to end; an empty address leaves *addr as it is. */
static bool parse_end(char *text, struct in_addr *addr, int *port)
{
	char *colon = strchr(text, ':'), *end;
	long v;

	if (!colon)
		return false;
	*colon = '\0';
	if (*text && !inet_aton(text, addr))
		return false;
	v = strtol(colon + 1, &end, 10);
	*port = v;
	return v > 0 && v < 65536 && *end == '\0';
}

/* PROTO:[HOSTADDR]:HOSTPORT-[GUESTADDR]:GUESTPORT */
static bool add_forward(struct slirp_net *sn, char *rule)
{
	struct in_addr host = { .s_addr = htonl(INADDR_ANY) }, guest;
	char *dash = strchr(rule, '-');
	int host_port, guest_port;
	bool udp = strncmp(rule, "udp:", 4) == 0;

	if (!dash || (!udp && strncmp(rule, "tcp:", 4) != 0))
		return false;
	*dash = '\0';
	inet_aton(GUEST_ADDR, &guest);
	if (!parse_end(rule + 4, &host, &host_port) ||
	    !parse_end(dash + 1, &guest, &guest_port))
		return false;
	return libslirp.add_hostfwd(sn->slirp, udp, host, host_port, guest,
				    guest_port) == 0;
}

static void add_forwards(struct slirp_net *sn, struct config_node *node,
			 const char *tag)
{
	const char *rules = get_config_value_node(node, "hostfwd");
	char *copy, *rest, *rule;

	if (!rules)
		return;
	copy = rest = strdup(rules);
	while (copy && (rule = strsep(&rest, ";")))
		if (!add_forward(sn, rule))
			die("%s: hostfwd=%s: each rule is tcp|udp:[HOSTADDR]:"
			    "PORT-[GUESTADDR]:PORT, the host's port free, with "
			    "; between rules",
			    tag, rules);
	free(copy);
}

static void *find(void *lib, const char *name, const char *tag)
{
	void *func = dlsym(lib, name);

	if (!func)
		die("%s: " LIBSLIRP " is too old: %s", tag, dlerror());
	return func;
}

/* The sandbox lets no library be opened later. */
static void load_library(const char *tag)
{
	void *lib = dlopen(LIBSLIRP, RTLD_NOW);

	if (!lib)
		die("%s: slirp needs a library, Debian's package libslirp0: %s",
		    tag, dlerror());
	libslirp.new = find(lib, "slirp_new", tag);
	libslirp.add_hostfwd = find(lib, "slirp_add_hostfwd", tag);
	libslirp.input = find(lib, "slirp_input", tag);
	libslirp.pollfds_fill = find(lib, "slirp_pollfds_fill", tag);
	libslirp.pollfds_poll = find(lib, "slirp_pollfds_poll", tag);
}

static void make_sockets(struct slirp_net *sn, struct net_backend *be,
			 const char *tag)
{
	const int size = SOCKET_BUFFER;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		       0, fds))
		die("%s: no sockets: %s", tag, strerror(errno));
	/* The largest buffer that the host allows; a smaller one works, too. */
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	be->fd[0] = fds[0];
	be->nqueues = 1;
	sn->fd = fds[1];
}

void net_slirp_open(struct net_backend *be, struct config_node *node,
		    const char *tag)
{
	struct slirp_net *sn = calloc(1, sizeof(*sn));
	SlirpConfig cfg = { .version = 1, .in_enabled = true };
	uint64_t mtu = 0;

	if (!sn)
		die("%s: out of memory", tag);
	load_library(tag);
	sn->room = 16;
	sn->polls = calloc(sn->room, sizeof(*sn->polls));
	inet_aton(NET_ADDR, &cfg.vnetwork);
	inet_aton(NET_MASK, &cfg.vnetmask);
	inet_aton(HOST_ADDR, &cfg.vhost);
	inet_aton(GUEST_ADDR, &cfg.vdhcp_start);
	inet_aton(DNS_ADDR, &cfg.vnameserver);
	get_config_u64_node(node, "mtu", &mtu);
	cfg.if_mtu = cfg.if_mru = mtu; /* 0 means the library's default, 1500 */
	sn->slirp = sn->polls ? libslirp.new(&cfg, &callbacks, sn) : NULL;
	if (!sn->slirp)
		die("%s: slirp does not start", tag);
	make_sockets(sn, be, tag);
	add_forwards(sn, node, tag);
	sandbox_allow_network();
	start_thread(slirp_thread, sn, "slirp", tag);
}
