/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>
#include "bhyve/net/slirp_guard.h"

#define DNS_PORT 53

/* Ports of UDP and of TCP are at the same place. */
static bool is_dns(const struct iphdr *ip, const uint8_t *packet, size_t len)
{
	size_t at = ip->ihl * 4u + 2;
	uint16_t port;

	/* A fragment need not have the port, or may replace it. */
	if (ip->frag_off & htons(IP_MF | IP_OFFMASK) || at + 2 > len)
		return false;
	memcpy(&port, packet + at, sizeof(port));
	return port == htons(DNS_PORT);
}

static bool is_for_loopback4(const uint8_t *packet, size_t len)
{
	struct iphdr ip;
	uint32_t net;

	if (len < sizeof(ip))
		return false;
	memcpy(&ip, packet, sizeof(ip));
	net = ntohl(ip.daddr) >> 24;
	if (net == 0 || net == IN_LOOPBACKNET)
		return true;
	return ip.daddr == inet_addr(SLIRP_DNS_ADDR) &&
	       !is_dns(&ip, packet, len);
}

/* libslirp reads no extension headers, so that the port is where it seems to be. */
static bool is_dns6(const struct ip6_hdr *ip, const uint8_t *packet, size_t len)
{
	uint16_t port;

	if (ip->ip6_nxt == IPPROTO_ICMPV6)
		return true; /* the library answers this itself */
	if (len < sizeof(*ip) + 4)
		return false;
	memcpy(&port, packet + sizeof(*ip) + 2, sizeof(port));
	return port == htons(DNS_PORT);
}

/* ::/64 has ::, ::1, and all addresses of IPv4. */
static bool is_for_loopback6(const uint8_t *packet, size_t len)
{
	static const uint8_t zero[8];
	struct in6_addr dns;
	struct ip6_hdr ip;

	if (len < sizeof(ip))
		return false;
	memcpy(&ip, packet, sizeof(ip));
	if (!memcmp(&ip.ip6_dst, zero, sizeof(zero)))
		return true;
	inet_pton(AF_INET6, SLIRP_DNS_ADDR6, &dns);
	return !memcmp(&ip.ip6_dst, &dns, sizeof(dns)) &&
	       !is_dns6(&ip, packet, len);
}

bool slirp_is_for_loopback(const uint8_t *frame, size_t len)
{
	struct ether_header ether;

	if (len < sizeof(ether))
		return false;
	memcpy(&ether, frame, sizeof(ether));
	frame += sizeof(ether);
	len -= sizeof(ether);
	if (ether.ether_type == htons(ETHERTYPE_IP))
		return is_for_loopback4(frame, len);
	return ether.ether_type == htons(ETHERTYPE_IPV6) &&
	       is_for_loopback6(frame, len);
}
