/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Network device: virtio 1.2, 5.1. Frames from the guest go out on the thread
 * that was notified; frames for it come in on the event thread.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bhyve/config.h"
#include "bhyve/debug.h"
#include "bhyve/mevent.h"
#include "bhyve/net_backends.h"
#include "bhyve/virtio.h"

/* 5.1.3, beside the offloads of net_backends.h */
#define VIRTIO_NET_F_MTU       (1ull << 3)
#define VIRTIO_NET_F_MAC       (1ull << 5)
#define VIRTIO_NET_F_MRG_RXBUF (1ull << 15)
#define VIRTIO_NET_F_STATUS    (1ull << 16)
#define VIRTIO_NET_S_LINK_UP   1

#define RXQ	   0
#define TXQ	   1
#define NQUEUES	   2
#define QUEUE_SIZE 256
#define MTU_MIN	   68 /* RFC 791 */
#define MTU_MAX	   65535
/* Buffers of one merged frame: with the smallest that drivers post, of a
 * frame's usual 1526 bytes, 43 hold the longest. */
#define MAX_MERGE 64
/* Frames at one go, so that the other devices get their turn. */
#define RX_BUDGET 64

/* 5.1.4 */
struct net_config {
	uint8_t mac[6];
	uint16_t status;
	uint16_t max_virtqueue_pairs;
	uint16_t mtu;
};
#define HDR_NUM_BUFFERS 10 /* offset in struct virtio_net_hdr_v1: 5.1.6 */

struct net_softc {
	struct virtio_dev *dev;
	struct net_backend be;
	struct mevent *readable;
	struct mevent *writable;
	struct vq_chain tx;
	struct vq_chain rx[MAX_MERGE];
	uint8_t frame[NET_HDR_LEN + NET_FRAME_MAX];
};

/* Sent, or dropped for being no frame; false: the backend is full. */
static bool send_frame(struct net_softc *sc, const struct vq_chain *c)
{
	struct iovec part[VQ_MAX_SIZE];
	size_t skip = sc->be.vnet_hdr ? 0 : NET_HDR_LEN;
	int n = iov_slice(c->iov, c->nread, skip, sizeof(sc->frame), part);

	if (n == 0)
		return true;
	return writev(sc->be.fd, part, n) >= 0 || errno != EAGAIN;
}

/* True: all is sent that there was. False: wait for the backend. */
static bool transmit(struct net_softc *sc, struct virtqueue *vq)
{
	while (virtio_get(vq, &sc->tx)) {
		if (vq_chain_readable(&sc->tx) < NET_HDR_LEN) {
			vq_unget(vq, &sc->tx);
			virtio_broken(sc->dev, "frame without its header");
			break;
		}
		if (!send_frame(sc, &sc->tx)) {
			vq_unget(vq, &sc->tx);
			mevent_enable(sc->writable);
			return false;
		}
		virtio_put(vq, &sc->tx, 0);
	}
	return true;
}

static void tx_kick(struct net_softc *sc, struct virtqueue *vq)
{
	do {
		vq_disable_kick(vq);
	} while (transmit(sc, vq) && virtio_running(sc->dev) &&
		 vq_enable_kick(vq));
	virtio_signal(vq);
}

static void tx_writable(int fd, enum ev_type type, void *arg)
{
	struct net_softc *sc = arg;

	(void)fd;
	(void)type;
	virtio_lock(sc->dev);
	mevent_disable(sc->writable);
	if (virtio_running(sc->dev))
		tx_kick(sc, &sc->dev->vqs[TXQ]);
	virtio_unlock(sc->dev);
}

/*
 * Take buffers for len bytes, the first of which is in rx[0] already. Their
 * number; 0: there are not enough, and all were given back.
 */
static unsigned int gather(struct net_softc *sc, struct virtqueue *vq,
			   size_t len)
{
	unsigned int max = virtio_has(sc->dev, VIRTIO_NET_F_MRG_RXBUF) ?
				   MAX_MERGE :
				   1;
	size_t room = vq_chain_writable(&sc->rx[0]);
	unsigned int n = 1;

	while (room < len && n < max && virtio_get(vq, &sc->rx[n]))
		room += vq_chain_writable(&sc->rx[n++]);
	if (room >= len)
		return n;
	while (n)
		vq_unget(vq, &sc->rx[--n]);
	return 0;
}

/* The frame, its header in front; dropped where buffers do not suffice. */
static void deliver(struct net_softc *sc, struct virtqueue *vq, size_t len)
{
	uint16_t n = gather(sc, vq, len), i;
	size_t done = 0;

	memcpy(sc->frame + HDR_NUM_BUFFERS, &n, sizeof(n));
	for (i = 0; i < n; i++) {
		size_t put = vq_chain_put(&sc->rx[i], 0, sc->frame + done,
					  len - done);

		vq_fill(vq, &sc->rx[i], put);
		done += put;
	}
	/* All at once: the driver expects each part when it sees the first. */
	vq_publish(vq);
}

/* False: there is no buffer, or no more frame. */
static bool receive(struct net_softc *sc, struct virtqueue *vq)
{
	size_t hdr = sc->be.vnet_hdr ? 0 : NET_HDR_LEN;
	ssize_t len;

	if (!virtio_get(vq, &sc->rx[0])) {
		if (virtio_running(sc->dev) && vq_enable_kick(vq))
			return true;
		/* Until the driver has some and says so. */
		mevent_disable(sc->readable);
		return false;
	}
	len = read(sc->be.fd, sc->frame + hdr, sizeof(sc->frame) - hdr);
	if (len <= 0) {
		vq_unget(vq, &sc->rx[0]);
		return false;
	}
	memset(sc->frame, 0, hdr);
	deliver(sc, vq, hdr + len);
	return true;
}

static void rx_readable(int fd, enum ev_type type, void *arg)
{
	struct net_softc *sc = arg;
	struct virtqueue *vq = &sc->dev->vqs[RXQ];
	int budget = RX_BUDGET;

	(void)fd;
	(void)type;
	virtio_lock(sc->dev);
	vq_disable_kick(vq);
	while (budget-- && receive(sc, vq))
		;
	virtio_signal(vq);
	virtio_unlock(sc->dev);
}

static void net_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct net_softc *sc = dev->softc;

	if (vq->index == TXQ)
		tx_kick(sc, vq);
	else
		mevent_enable(sc->readable);
}

static void net_driver_ok(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;

	net_backend_set_offloads(&sc->be, dev->negotiated);
	mevent_enable(sc->readable);
}

static void net_reset(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;

	mevent_disable(sc->readable);
	mevent_disable(sc->writable);
}

static void make_config(struct net_softc *sc, struct config_node *node)
{
	struct virtio_dev *dev = sc->dev;
	struct net_config *cfg = (void *)dev->config;
	uint64_t mtu = 0;
	int error = get_config_u64_node(node, "mtu", &mtu);

	dev->config_len = sizeof(*cfg);
	dev->features |= sc->be.offloads | VIRTIO_NET_F_MAC |
			 VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_STATUS;
	net_mac(node, dev->slot, dev->func, dev->tag, cfg->mac);
	cfg->status = VIRTIO_NET_S_LINK_UP;
	if (error == -ENOENT)
		return;
	if (error || mtu < MTU_MIN || mtu > MTU_MAX)
		die("%s: mtu=%s: it is a number from %d to %d", dev->tag,
		    get_config_value_node(node, "mtu"), MTU_MIN, MTU_MAX);
	cfg->mtu = mtu;
	dev->features |= VIRTIO_NET_F_MTU;
}

static void net_init(struct virtio_dev *dev, struct config_node *node)
{
	struct net_softc *sc = calloc(1, sizeof(*sc));

	if (!sc)
		die("%s: out of memory", dev->tag);
	dev->softc = sc;
	sc->dev = dev;
	virtio_set_queues(dev, NQUEUES, QUEUE_SIZE);
	net_backend_open(&sc->be, node, dev->tag);
	make_config(sc, node);
	sc->readable = mevent_add_disabled(sc->be.fd, EVF_READ, rx_readable,
					   sc);
	sc->writable = mevent_add_disabled(sc->be.fd, EVF_WRITE, tx_writable,
					   sc);
	if (!sc->readable || !sc->writable)
		die("%s: out of memory", dev->tag);
}

static const struct virtio_dev_ops virtio_net = {
	.name = "virtio-net",
	.device_id = 1,
	.pci_class = 0x020000, /* network, Ethernet */
	.legacy_config = net_legacy_config,
	.init = net_init,
	.driver_ok = net_driver_ok,
	.reset = net_reset,
	.notify = net_notify,
};
VIRTIO_DEVICE(virtio_net);
