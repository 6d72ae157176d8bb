/* SPDX-License-Identifier: BSD-2-Clause */
/* The network device's control queue (virtio 1.2, 5.1.6.5). */
#include <string.h>

#include "bhyve/virtio/virtio_net.h"

enum {
	CTRL_MAC = 1,
	CTRL_ANNOUNCE = 3,
	CTRL_MQ = 4,
	CTRL_GUEST_OFFLOADS = 5,
};

#define MAC_ADDR_SET	   1
#define ANNOUNCE_ACK	   0
#define MQ_VQ_PAIRS_SET	   0
#define GUEST_OFFLOADS_SET 0

#define ACK_OK	0
#define ACK_ERR 1

#define HEADER_LEN 2
#define BUDGET	   16

/* Gets the data after the header, which must be exactly len bytes. */
static bool get_data(const struct vq_chain *c, void *data, size_t len)
{
	return vq_chain_readable(c) == HEADER_LEN + len &&
	       vq_chain_get(c, HEADER_LEN, data, len) == len;
}

static bool set_mac(struct net_softc *sc, const struct vq_chain *c)
{
	struct net_config *cfg = (void *)sc->dev->config;
	uint8_t mac[6];

	/* A group address cannot be a station's. */
	if (!virtio_has(sc->dev, VIRTIO_NET_F_CTRL_MAC_ADDR) ||
	    !get_data(c, mac, sizeof(mac)) || (mac[0] & 1))
		return false;
	memcpy(cfg->mac, mac, sizeof(mac));
	return true;
}

static bool set_pairs(struct net_softc *sc, const struct vq_chain *c)
{
	uint16_t n;

	if (!virtio_has(sc->dev, VIRTIO_NET_F_MQ) ||
	    !get_data(c, &n, sizeof(n)) || n < 1 || n > sc->be.nqueues)
		return false;
	net_activate(sc, n);
	return true;
}

static bool set_offloads(struct net_softc *sc, const struct vq_chain *c)
{
	uint64_t offloads;

	if (!virtio_has(sc->dev, VIRTIO_NET_F_CTRL_GUEST_OFFLOADS) ||
	    !get_data(c, &offloads, sizeof(offloads)) ||
	    offloads & ~(sc->dev->negotiated & NET_GUEST_OFFLOADS))
		return false;
	net_set_offloads(sc, offloads);
	return true;
}

/* The guest has seen that it is to announce itself (5.1.6.5.4). */
static bool end_announcement(struct net_softc *sc)
{
	struct net_config *cfg = (void *)sc->dev->config;

	cfg->status &= ~VIRTIO_NET_S_ANNOUNCE;
	return virtio_has(sc->dev, VIRTIO_NET_F_GUEST_ANNOUNCE);
}

static bool command(struct net_softc *sc, const struct vq_chain *c)
{
	uint8_t header[HEADER_LEN];

	if (vq_chain_get(c, 0, header, HEADER_LEN) != HEADER_LEN)
		return false;
	switch (header[0] << 8 | header[1]) {
	case CTRL_MAC << 8 | MAC_ADDR_SET:
		return set_mac(sc, c);
	case CTRL_ANNOUNCE << 8 | ANNOUNCE_ACK:
		return end_announcement(sc);
	case CTRL_MQ << 8 | MQ_VQ_PAIRS_SET:
		return set_pairs(sc, c);
	case CTRL_GUEST_OFFLOADS << 8 | GUEST_OFFLOADS_SET:
		return set_offloads(sc, c);
	default:
		return false;
	}
}

void net_control(struct net_softc *sc, struct virtqueue *vq)
{
	struct vq_chain chain;
	int budget = BUDGET;

	for (; budget && virtio_get(vq, &chain); budget--) {
		uint8_t ack = command(sc, &chain) ? ACK_OK : ACK_ERR;

		virtio_put(vq, &chain, vq_chain_put(&chain, 0, &ack, 1));
	}
	if (!budget)
		virtio_come_back(vq);
	virtio_signal(vq);
}
