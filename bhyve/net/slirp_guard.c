/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
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

bool slirp_is_for_loopback(const uint8_t *frame, size_t len)
{
	struct ether_header ether;
	struct iphdr ip;
	uint32_t net;

	if (len < sizeof(ether) + sizeof(ip))
		return false;
	memcpy(&ether, frame, sizeof(ether));
	memcpy(&ip, frame + sizeof(ether), sizeof(ip));
	if (ether.ether_type != htons(ETHERTYPE_IP))
		return false;
	net = ntohl(ip.daddr) >> 24;
	if (net == 0 || net == IN_LOOPBACKNET)
		return true;
	return ip.daddr == inet_addr(SLIRP_DNS_ADDR) &&
	       !is_dns(&ip, frame + sizeof(ether), len - sizeof(ether));
}
