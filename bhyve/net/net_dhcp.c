/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DHCP over a tap. The host leaves the checksum of packets from its own
 * programs to the network card. A DHCP client or server that reads raw frames
 * takes such a datagram for damaged, whatever the driver has negotiated. So the
 * checksum of DHCP datagrams is completed here, as by QEMU and Linux's vhost.
 */
#include <stdbool.h>
#include <string.h>

#include "bhyve/net/net_backends.h"

#define F_NEEDS_CSUM   1 /* virtio 1.2, 5.1.6: the header's flags */
#define CSUM_START     6
#define CSUM_OFFSET    8
#define ETH_LEN	       14
#define ETHERTYPE_AT   12
#define ETHERTYPE_IPV4 0x0800
#define IP_PROTO_AT    9
#define IP_UDP	       17
#define UDP_LEN	       8
#define UDP_CSUM_AT    6

static uint16_t be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static bool is_dhcp_port(uint16_t port)
{
	return port == 67 || port == 68;
}

/*
 * RFC 1071 checksum; the checksum field holds the pseudo-header's sum at first.
 */
static uint16_t checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (; len > 1; p += 2, len -= 2)
		sum += be16(p);
	if (len)
		sum += *p << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	/* RFC 768: a checksum of zero is sent as all ones. */
	return sum == 0xffff ? 0xffff : ~sum;
}

/* The UDP header of a DHCP datagram over IPv4, or NULL. */
static uint8_t *find_dhcp(uint8_t *eth, size_t len)
{
	size_t ip_len;
	uint8_t *udp;

	if (len < ETH_LEN + 20 || be16(eth + ETHERTYPE_AT) != ETHERTYPE_IPV4 ||
	    eth[ETH_LEN + IP_PROTO_AT] != IP_UDP)
		return NULL;
	ip_len = (eth[ETH_LEN] & 15) * 4;
	if (len < ETH_LEN + ip_len + UDP_LEN)
		return NULL;
	udp = eth + ETH_LEN + ip_len;
	return is_dhcp_port(be16(udp)) && is_dhcp_port(be16(udp + 2)) ? udp :
									NULL;
}

void net_complete_dhcp(uint8_t *frame, size_t hdr_len, size_t len)
{
	uint16_t start, offset, sum;
	uint8_t *udp;
	size_t udp_len;

	if (len < hdr_len || !(frame[0] & F_NEEDS_CSUM))
		return;
	memcpy(&start, frame + CSUM_START, 2);
	memcpy(&offset, frame + CSUM_OFFSET, 2);
	udp = find_dhcp(frame + hdr_len, len - hdr_len);
	if (!udp || offset != UDP_CSUM_AT || udp != frame + hdr_len + start)
		return;
	udp_len = be16(udp + 4);
	if (udp_len < UDP_LEN || udp_len > len - (size_t)(udp - frame))
		return;
	sum = checksum(udp, udp_len);
	udp[UDP_CSUM_AT] = sum >> 8;
	udp[UDP_CSUM_AT + 1] = sum;
	frame[0] &= ~F_NEEDS_CSUM;
}
