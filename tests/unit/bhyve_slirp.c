/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process of user-mode networking, with the library itself. The test is the
 * guest, and sends and takes frames: RFC 791, RFC 793, RFC 826.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <net/ethernet.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/privileges.h"
#include "bhyve/base/sandbox.h"
#include "bhyve/base/title.h"
#include "bhyve/net/slirp_process.h"

#define HOST "10.0.2.2"
#define DNS  "10.0.2.3"

enum answer {
	NOTHING,
	CONNECTED,
	REFUSED
};

struct segment {
	struct ether_header ether;
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

struct segment6 {
	struct ether_header ether;
	struct ip6_hdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

struct arp_packet {
	struct ether_header ether;
	struct ether_arp arp;
} __attribute__((packed));

static const uint8_t mac[ETH_ALEN] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
static const uint8_t all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };

static struct slirp_options options;
static int guest, listener;
static uint16_t port; /* of the host's service */
static pid_t pid;

/* Another test looks at these: bhyve_sandbox, and confined.sh. */
int sandbox_enter(enum sandbox_kind kind)
{
	(void)kind;
	return 0;
}

int leave_parent(pid_t parent, int fd1, int fd2)
{
	(void)parent, (void)fd1, (void)fd2;
	close(guest);
	return 0;
}

int be_nobody(void)
{
	return 0;
}

void set_child_title(const char *program)
{
	(void)program;
}

void eprintln(const char *fmt, ...)
{
	(void)fmt;
}

void guest_println(const char *fmt, ...)
{
	(void)fmt;
}

/* Listens at @addr and any port, which it stores in port. */
static int listen_at(const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_storage got;
	int fd = socket(addr->sa_family, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, addr, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	len = sizeof(got);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&got, &len), 0);
	/* The port is at the same place in both families' addresses. */
	port = ntohs(((struct sockaddr_in *)&got)->sin_port);
	return fd;
}

static int listen_at4(uint32_t addr)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(addr) };

	return listen_at((struct sockaddr *)&in, sizeof(in));
}

static void start(void)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	guest = fds[0];
	assert_int_equal(slirp_process_start(&options, fds[1], "net", &pid), 0);
	close(fds[1]);
}

static void stop(void)
{
	close(guest);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static struct ether_header broadcast(uint16_t type)
{
	struct ether_header ether = { .ether_type = htons(type) };

	memcpy(ether.ether_dhost, all, ETH_ALEN);
	memcpy(ether.ether_shost, mac, ETH_ALEN);
	return ether;
}

/* Tells libslirp the guest's addresses, so that it does not ask for them. */
static void announce(void)
{
	struct arp_packet p = {
		.ether = broadcast(ETHERTYPE_ARP),
		.arp.ea_hdr = { .ar_hrd = htons(ARPHRD_ETHER),
				.ar_pro = htons(ETHERTYPE_IP),
				.ar_hln = ETH_ALEN,
				.ar_pln = 4,
				.ar_op = htons(ARPOP_REQUEST) },
	};
	const in_addr_t addr = inet_addr(SLIRP_GUEST_ADDR);

	memcpy(p.arp.arp_sha, mac, ETH_ALEN);
	memcpy(p.arp.arp_spa, &addr, 4);
	memcpy(p.arp.arp_tpa, &addr, 4);
	assert_int_equal(send(guest, &p, sizeof(p), 0), sizeof(p));
}

static uint32_t add_up(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	return sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* A SYN from a port that was not used before; its checksum is missing. */
static struct tcphdr tcp_syn(uint16_t dport)
{
	static uint16_t sport = 1024;

	return (struct tcphdr){ .th_sport = htons(++sport),
				.th_dport = htons(dport),
				.th_off = 5,
				.th_flags = TH_SYN,
				.th_win = htons(8192) };
}

/*
 * The checksum of the TCP header @tcp, which may not be aligned. The addresses are
 * the @len bytes at @addresses.
 */
static uint16_t tcp_sum(const void *tcp, const void *addresses, size_t len)
{
	uint32_t sum = IPPROTO_TCP + sizeof(struct tcphdr);

	sum = add_up(addresses, len, sum);
	return folded(add_up(tcp, sizeof(struct tcphdr), sum));
}

static struct segment a_syn(const char *to, uint16_t dport)
{
	struct segment s = {
		.ether = broadcast(ETHERTYPE_IP),
		.ip = { .version = 4,
			.ihl = 5,
			.ttl = 64,
			.protocol = IPPROTO_TCP,
			.tot_len = htons(sizeof(s.ip) + sizeof(s.tcp)),
			.saddr = inet_addr(SLIRP_GUEST_ADDR),
			.daddr = inet_addr(to) },
		.tcp = tcp_syn(dport),
	};

	s.ip.check = folded(add_up(&s.ip, sizeof(s.ip), 0));
	s.tcp.th_sum = tcp_sum(&s.tcp, (const uint8_t *)&s.ip + 12, 8);
	return s;
}

static enum answer meaning(const struct segment *got, ssize_t len,
			   const struct segment *syn)
{
	if (len < (ssize_t)(sizeof(got->ether) + sizeof(got->ip)) ||
	    got->ether.ether_type != htons(ETHERTYPE_IP))
		return NOTHING;
	if (got->ip.protocol == IPPROTO_ICMP)
		return REFUSED;
	if (got->tcp.th_dport != syn->tcp.th_sport)
		return NOTHING;
	return got->tcp.th_flags & TH_RST ? REFUSED : CONNECTED;
}

/* Until an answer comes, or for @ms milliseconds. */
static enum answer wait_answer(const struct segment *syn, int ms)
{
	struct pollfd pfd = { .fd = guest, .events = POLLIN };
	enum answer answer = NOTHING;
	union {
		struct segment segment;
		char bytes[2048];
	} got;

	while (answer == NOTHING && poll(&pfd, 1, ms) == 1)
		answer = meaning(&got.segment,
				 recv(guest, &got, sizeof(got), 0), syn);
	return answer;
}

static enum answer connects(const char *to, uint16_t dport, int ms)
{
	struct segment syn = a_syn(to, dport);

	announce();
	assert_int_equal(send(guest, &syn, sizeof(syn), 0), sizeof(syn));
	return wait_answer(&syn, ms);
}

static void assert_nobody_came(void)
{
	struct pollfd pfd = { .fd = listener, .events = POLLIN };

	assert_int_equal(poll(&pfd, 1, 0), 0);
}

static void reaches_the_host_if_told_to(void **state)
{
	(void)state;
	listener = listen_at4(INADDR_LOOPBACK);
	options = (struct slirp_options){ .host_loopback = true };
	start();
	assert_int_equal(connects(HOST, port, 60000), CONNECTED);
	assert_int_equal(connects("127.0.0.1", port, 60000), CONNECTED);
	stop();
	close(listener);
}

/*
 * A frame that is dropped has no answer. The last frame is refused by the library;
 * since the process takes frames in their order, the others were dropped by then.
 */
static void does_not_reach_the_host(void **state)
{
	(void)state;
	listener = listen_at4(INADDR_LOOPBACK);
	options = (struct slirp_options){ 0 };
	start();
	assert_int_equal(connects("127.0.0.1", port, 0), NOTHING);
	assert_int_equal(connects("127.1.2.3", port, 0), NOTHING);
	assert_int_equal(connects("0.0.0.0", port, 0), NOTHING);
	assert_int_equal(connects(DNS, port, 0), NOTHING);
	assert_int_equal(connects(HOST, port, 60000), REFUSED);
	assert_nobody_came();
	stop();
	close(listener);
}

/* RFC 8200 */
static void send_syn6(const char *to, uint16_t dport)
{
	struct segment6 s = {
		.ether = broadcast(ETHERTYPE_IPV6),
		.ip = { .ip6_nxt = IPPROTO_TCP,
			.ip6_hlim = 64,
			.ip6_plen = htons(sizeof(s.tcp)) },
		.tcp = tcp_syn(dport),
	};

	s.ip.ip6_vfc = 0x60;
	inet_pton(AF_INET6, "fec0::5054:ff:fe12:3456", &s.ip.ip6_src);
	inet_pton(AF_INET6, to, &s.ip.ip6_dst);
	s.tcp.th_sum = tcp_sum(&s.tcp, (const uint8_t *)&s.ip + 8, 32);
	assert_int_equal(send(guest, &s, sizeof(s), 0), sizeof(s));
}

/* Accepts connections to all addresses, also to those of IPv4. */
static int listen_at6(void)
{
	struct sockaddr_in6 in = { .sin6_family = AF_INET6,
				   .sin6_addr = in6addr_any };

	return listen_at((struct sockaddr *)&in, sizeof(in));
}

static void reaches_the_host_by_ipv6_if_told_to(void **state)
{
	struct pollfd pfd = { .events = POLLIN };

	(void)state;
	listener = pfd.fd = listen_at6();
	options = (struct slirp_options){ .host_loopback = true };
	start();
	send_syn6("fec0::2", port);
	assert_int_equal(poll(&pfd, 1, 60000), 1);
	stop();
	close(listener);
}

/* The last address is one of IPv4, and the library refuses it. */
static void does_not_reach_the_host_by_ipv6(void **state)
{
	(void)state;
	listener = listen_at6();
	options = (struct slirp_options){ 0 };
	start();
	send_syn6("fec0::2", port);
	send_syn6("fec0::3", port);
	send_syn6("::1", port);
	send_syn6("::", port);
	send_syn6("::ffff:127.0.0.1", port);
	send_syn6("::ffff:0.0.0.0", port);
	send_syn6("::127.0.0.1", port);
	assert_int_equal(connects(HOST, port, 60000), REFUSED);
	assert_nobody_came();
	stop();
	close(listener);
}

static bool can_connect(uint32_t addr, uint16_t to)
{
	const struct sockaddr_in in = { .sin_family = AF_INET,
					.sin_port = htons(to),
					.sin_addr.s_addr = htonl(addr) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool good = !connect(fd, (const struct sockaddr *)&in, sizeof(in));

	close(fd);
	return good;
}

/* 127.0.0.2 is an address of the host, too, and stands for all others of it. */
static void forwards_are_bound_where_they_are_told(void **state)
{
	(void)state;
	close(listen_at4(INADDR_LOOPBACK));
	options = (struct slirp_options){ .nforwards = 1 };
	options.forwards[0] = (struct slirp_forward){
		.host.s_addr = htonl(INADDR_LOOPBACK),
		.guest.s_addr = inet_addr(SLIRP_GUEST_ADDR),
		.host_port = port,
		.guest_port = 22,
	};
	start();
	assert_true(can_connect(INADDR_LOOPBACK, port));
	assert_false(can_connect(INADDR_LOOPBACK + 1, port));
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reaches_the_host_if_told_to),
		cmocka_unit_test(does_not_reach_the_host),
		cmocka_unit_test(reaches_the_host_by_ipv6_if_told_to),
		cmocka_unit_test(does_not_reach_the_host_by_ipv6),
		cmocka_unit_test(forwards_are_bound_where_they_are_told),
	};

	/* Most machines lack the library for 32-bit programs. */
	if (!dlopen("libslirp.so.0", RTLD_NOW))
		return 77;
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
