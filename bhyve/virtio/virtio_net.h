/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the network device share (virtio 1.2, 5.1). */
#ifndef BHYVE_VIRTIO_NET_H
#define BHYVE_VIRTIO_NET_H

#include "bhyve/net/net_backends.h"
#include "bhyve/virtio/virtio.h"

/* virtio 1.2, 5.1.3; the others are in net_backends.h */
#define VIRTIO_NET_F_CTRL_GUEST_OFFLOADS (1ull << 2)
#define VIRTIO_NET_F_MTU		 (1ull << 3)
#define VIRTIO_NET_F_MAC		 (1ull << 5)
#define VIRTIO_NET_F_MRG_RXBUF		 (1ull << 15)
#define VIRTIO_NET_F_STATUS		 (1ull << 16)
#define VIRTIO_NET_F_CTRL_VQ		 (1ull << 17)
#define VIRTIO_NET_F_GUEST_ANNOUNCE	 (1ull << 21)
#define VIRTIO_NET_F_MQ			 (1ull << 22)
#define VIRTIO_NET_F_CTRL_MAC_ADDR	 (1ull << 23)

/* 5.1.4 */
#define VIRTIO_NET_S_LINK_UP  1
#define VIRTIO_NET_S_ANNOUNCE 2

struct net_config {
	uint8_t mac[6];
	uint16_t status;
	uint16_t max_virtqueue_pairs;
	uint16_t mtu;
};

/*
 * The most buffers of one merged frame. With the smallest buffers that drivers
 * post, 1526 bytes, 43 hold the longest frame.
 */
#define NET_MAX_MERGE 64

struct net_softc;
struct vhost;

/* A receive and a transmit queue, and the backend's descriptor for them. */
struct net_pair {
	struct net_softc *sc;
	unsigned int index;
	int fd;
	struct vhost *vhost; /* NULL: bhyve moves the frames */
	struct mevent *readable;
	struct mevent *writable;
	bool full; /* the backend is full; writable reports when it is not */
	bool gone; /* the backend has ended; nothing is received any more */
	struct vq_chain tx;
	struct vq_chain rx[NET_MAX_MERGE];
	uint8_t frame[NET_HDR_LEN + NET_FRAME_MAX];
};

struct net_softc {
	struct virtio_dev *dev;
	struct net_backend be;
	struct net_pair *pairs; /* be.nqueues of them */
	unsigned int active;	/* number of pairs in use, from the first on */
	uint8_t mac[6];		/* its value after a reset */
	uint64_t offloads;	/* that the guest accepts now */
	/* The guest was moved here, and its network does not know that yet. */
	bool moved;
};

/* Lets the backend make use of what the guest accepts. The device's lock is held. */
void net_set_offloads(struct net_softc *sc, uint64_t offloads);

/* Uses the first n pairs for frames. The device's lock is held. */
void net_activate(struct net_softc *sc, unsigned int n);

/*
 * Opens vhost for all pairs if @node's key "vhost" does not forbid it, or if it is
 * there; says why not if it was asked for. In init, after the queues. 0; -EINVAL after
 * printing that there is no tap for it.
 */
int net_vhost_open(struct net_softc *sc, struct config_node *node);

/*
 * Hands the pair's rings and its descriptor over to the host's kernel. False: bhyve
 * has to move the frames. Either does nothing where that is so already.
 */
bool net_vhost_start(struct net_pair *p);
void net_vhost_stop(struct net_pair *p);

/*
 * Carries out the control queue's commands (5.1.6.5). The device's lock is
 * held.
 */
void net_control(struct net_softc *sc, struct virtqueue *vq);

#endif /* BHYVE_VIRTIO_NET_H */
