/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User-mode networking, without any right of the host's, by a process of its
 * own: frames pass through a pair of sockets, so that to the device it is a
 * descriptor like a tap's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/config/config.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/net/slirp_process.h"

#define SOCKET_BUFFER (1 << 20)

struct slirp_net {
	const char *tag;
	pid_t pid;
	struct mevent *death;
};

/* "ADDR:PORT" up to end; an empty address leaves *addr as it is. */
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

/*
 * PROTO:[HOSTADDR]:HOSTPORT-[GUESTADDR]:GUESTPORT. Without HOSTADDR only the
 * host itself can connect (127.0.0.1), so that no port is opened to the network
 * unless the user asks for that.
 */
static bool parse_forward(char *rule, struct slirp_forward *f)
{
	char *dash = strchr(rule, '-');

	f->udp = strncmp(rule, "udp:", 4) == 0;
	if (!dash || (!f->udp && strncmp(rule, "tcp:", 4) != 0))
		return false;
	*dash = '\0';
	f->host.s_addr = htonl(INADDR_LOOPBACK);
	inet_aton(SLIRP_GUEST_ADDR, &f->guest);
	return parse_end(rule + 4, &f->host, &f->host_port) &&
	       parse_end(dash + 1, &f->guest, &f->guest_port);
}

static void parse_forwards(struct slirp_options *opts, const char *rules,
			   const char *tag)
{
	char *copy, *rest, *rule;

	if (!rules)
		return;
	copy = rest = strdup(rules);
	while (copy && (rule = strsep(&rest, ";")))
		if (opts->nforwards == SLIRP_MAX_FORWARDS ||
		    !parse_forward(rule, &opts->forwards[opts->nforwards++]))
			die("%s: hostfwd=%s: each rule is tcp|udp:[HOSTADDR]:"
			    "PORT-[GUESTADDR]:PORT, up to %d of them with ;"
			    " between rules",
			    tag, rules, SLIRP_MAX_FORWARDS);
	free(copy);
}

static void read_options(struct slirp_options *opts, struct config_node *node,
			 const char *tag)
{
	get_config_u64_node(node, "mtu", &opts->mtu);
	opts->restricted =
		get_config_bool_node_default(node, "restrict", false);
	opts->host_loopback =
		get_config_bool_node_default(node, "host_loopback", false);
	parse_forwards(opts, get_config_value_node(node, "hostfwd"), tag);
}

static void make_sockets(int fds[2], const char *tag)
{
	const int size = SOCKET_BUFFER;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		       0, fds))
		die("%s: no sockets: %s", tag, strerror(errno));
	/* The largest buffer that the host allows; a smaller one works, too. */
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* The guest has no network any more; it goes on otherwise. */
static void on_death(int fd, enum ev_type type, void *arg)
{
	struct slirp_net *sn = arg;
	int status = 0;

	(void)fd, (void)type;
	mevent_delete_close(sn->death);
	waitpid(sn->pid, &status, WNOHANG);
	if (WIFSIGNALED(status))
		eprintln("%s: slirp was killed by signal %d (%s): the guest has"
			 " no network until bhyve is started again",
			 sn->tag, WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		eprintln("%s: slirp has ended: the guest has no network until"
			 " bhyve is started again",
			 sn->tag);
}

static void watch(struct slirp_net *sn)
{
	int fd = syscall(SYS_pidfd_open, sn->pid, 0);

	if (fd >= 0)
		sn->death = mevent_add(fd, EVF_READ, on_death, sn);
	if (!sn->death)
		die("%s: cannot watch slirp: %s", sn->tag, strerror(errno));
}

void net_slirp_open(struct net_backend *be, struct config_node *node,
		    const char *tag)
{
	struct slirp_options *opts = calloc(1, sizeof(*opts));
	struct slirp_net *sn = calloc(1, sizeof(*sn));
	int fds[2];

	if (!opts || !sn)
		die("%s: out of memory", tag);
	read_options(opts, node, tag);
	make_sockets(fds, tag);
	sn->tag = tag;
	if (slirp_process_start(opts, fds[1], tag, &sn->pid))
		exit(4);
	close(fds[1]);
	free(opts);
	watch(sn);
	be->fd[0] = fds[0];
	be->nqueues = 1;
}
