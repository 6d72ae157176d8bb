/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network device (virtio 1.2, 5.1). Frames go both ways on the event
 * thread.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/traffic.h"
#include "bhyve/virtio/virtio_net.h"

#define QUEUE_SIZE 256
#define MTU_MIN	   68 /* RFC 791's smallest MTU */
#define MTU_MAX	   65535
/* Frames handled in one go, so that other devices get their turn. */
#define BUDGET 64

#define HDR_NUM_BUFFERS 10 /* offset in struct virtio_net_hdr_v1: 5.1.6 */

static struct virtqueue *rx_queue(const struct net_pair *p)
{
	return &p->sc->dev->vqs[2 * p->index];
}

static struct virtqueue *tx_queue(const struct net_pair *p)
{
	return &p->sc->dev->vqs[2 * p->index + 1];
}

/* Sends the frame, or drops it if it is none; false: the backend is full. */
static bool send_frame(struct net_pair *p)
{
	struct iovec part[VQ_MAX_SIZE];
	size_t skip = p->sc->be.vnet_hdr ? 0 : p->sc->be.hdr_len;
	int n = iov_slice(p->tx.iov, p->tx.nread, skip, sizeof(p->frame), part);
	ssize_t sent;

	if (n == 0)
		return true;
	sent = net_backend_send(&p->sc->be, p->index, part, n);
	if (sent > 0)
		traffic_count(TRAFFIC_SENT, sent);
	return sent >= 0 || errno != EAGAIN;
}

/* Sends one frame; false: there is none, or the backend is full. */
static bool transmit(struct net_pair *p, struct virtqueue *vq)
{
	if (!virtio_get(vq, &p->tx))
		return false;
	if (vq_chain_readable(&p->tx) < (size_t)p->sc->be.hdr_len) {
		vq_unget(vq, &p->tx);
		virtio_broken(p->sc->dev, "frame without its header");
		return false;
	}
	if (!send_frame(p)) {
		vq_unget(vq, &p->tx);
		p->full = true;
		mevent_enable(p->writable);
		return false;
	}
	virtio_put(vq, &p->tx, 0);
	return true;
}

static void tx_kick(struct net_pair *p)
{
	struct virtqueue *vq = tx_queue(p);
	int budget = BUDGET;

	p->full = false;
	vq_disable_kick(vq);
	do
		while (budget && transmit(p, vq))
			budget--;
	while (budget && !p->full && virtio_running(vq->dev) &&
	       vq_enable_kick(vq));
	if (!budget)
		virtio_come_back(vq);
	virtio_signal(vq);
}

static void tx_writable(int fd, enum ev_type type, void *arg)
{
	struct net_pair *p = arg;

	(void)fd;
	(void)type;
	virtio_lock(p->sc->dev);
	mevent_disable(p->writable);
	if (virtio_running(p->sc->dev))
		tx_kick(p);
	virtio_unlock(p->sc->dev);
}

/*
 * Takes buffers for len bytes, the first of which is in rx[0] already. Returns
 * their number; 0: there are not enough, and all were given back.
 */
static unsigned int gather(struct net_pair *p, struct virtqueue *vq, size_t len)
{
	unsigned int max =
		virtio_has(vq->dev, VIRTIO_NET_F_MRG_RXBUF) ? NET_MAX_MERGE : 1;
	uint64_t room = vq_chain_writable(&p->rx[0]);
	unsigned int n = 1;

	while (room < len && n < max && virtio_get(vq, &p->rx[n]))
		room += vq_chain_writable(&p->rx[n++]);
	if (room >= len)
		return n;
	while (n)
		vq_unget(vq, &p->rx[--n]);
	return 0;
}

/*
 * Gives the guest a frame, with its header; drops it if there are not enough
 * buffers.
 */
static void deliver(struct net_pair *p, struct virtqueue *vq, size_t len)
{
	uint16_t n = gather(p, vq, len), i;
	size_t done = 0;

	if (p->sc->be.vnet_hdr)
		net_complete_dhcp(p->frame, p->sc->be.hdr_len, len);
	if (p->sc->be.hdr_len == NET_HDR_LEN)
		memcpy(p->frame + HDR_NUM_BUFFERS, &n, sizeof(n));
	for (i = 0; i < n; i++) {
		size_t put =
			vq_chain_put(&p->rx[i], 0, p->frame + done, len - done);

		vq_fill(vq, &p->rx[i], put);
		done += put;
	}
	/*
	 * All at once, because the driver expects every part when it sees the
	 * first.
	 */
	vq_publish(vq);
}

/* Reads the next frame behind room for a header; 0: there is none now. */
static size_t read_frame(struct net_pair *p, size_t hdr)
{
	ssize_t len = net_backend_receive(&p->sc->be, p->index, p->frame + hdr,
					  sizeof(p->frame) - hdr);

	if (len > 0)
		return len;
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	guest_println("%s: its network is gone (%s); nothing more is received",
		      p->sc->dev->tag, len ? strerror(errno) : "closed");
	p->gone = true;
	mevent_disable(p->readable);
	return 0;
}

/* False: there is no buffer, or no frame. */
static bool receive(struct net_pair *p, struct virtqueue *vq)
{
	size_t hdr = p->sc->be.vnet_hdr ? 0 : p->sc->be.hdr_len;
	size_t len;

	if (!virtio_get(vq, &p->rx[0])) {
		if (virtio_running(vq->dev) && vq_enable_kick(vq))
			return true;
		/*
		 * It is enabled again when the driver adds buffers and
		 * notifies.
		 */
		mevent_disable(p->readable);
		return false;
	}
	len = read_frame(p, hdr);
	if (!len) {
		vq_unget(vq, &p->rx[0]);
		return false;
	}
	traffic_count(TRAFFIC_RECEIVED, len);
	memset(p->frame, 0, hdr);
	deliver(p, vq, hdr + len);
	return true;
}

static void rx_readable(int fd, enum ev_type type, void *arg)
{
	struct net_pair *p = arg;
	struct virtqueue *vq = rx_queue(p);
	int budget = BUDGET;

	(void)fd;
	(void)type;
	virtio_lock(p->sc->dev);
	vq_disable_kick(vq);
	while (budget-- && receive(p, vq))
		;
	virtio_signal(vq);
	virtio_unlock(p->sc->dev);
}

/* Waits for frames again, unless the backend has ended. */
static void want_frames(struct net_pair *p)
{
	if (!p->gone)
		mevent_enable(p->readable);
}

/* The control queue comes after the pairs that the driver uses (5.1.2). */
static bool is_control(const struct net_softc *sc, const struct virtqueue *vq)
{
	unsigned int npairs =
		virtio_has(sc->dev, VIRTIO_NET_F_MQ) ? sc->be.nqueues : 1;

	return vq->index == 2 * npairs;
}

/*
 * A reverse ARP request from the guest's address: switches learn from it where
 * the guest is now (RFC 903). Its length is the shortest of Ethernet.
 */
#define RARP_LEN 60

static void send_rarp(struct net_softc *sc)
{
	static const uint8_t kind[] = {
		0x80, 0x35,	  /* EtherType: reverse ARP */
		0,    1,    8, 0, /* of Ethernet and IPv4 addresses, */
		6,    4,    0, 3  /* of 6 and 4 bytes; 3: a request */
	};
	const struct net_config *cfg = (const void *)sc->dev->config;
	uint8_t frame[NET_HDR_LEN + RARP_LEN] = { 0 };
	uint8_t *p = frame + (sc->be.vnet_hdr ? sc->be.hdr_len : 0);
	struct iovec iov = { frame, p + RARP_LEN - frame };

	memset(p, 0xff, 6);
	memcpy(p + 6, cfg->mac, 6);
	memcpy(p + 12, kind, sizeof(kind));
	memcpy(p + 22, cfg->mac, 6);
	memcpy(p + 32, cfg->mac, 6);
	if (net_backend_send(&sc->be, 0, &iov, 1) < 0)
		return; /* the guest's own first frame does as well */
}

/* Only the guest knows its IP addresses; it announces those if it can. */
static void announce(struct net_softc *sc)
{
	struct net_config *cfg = (void *)sc->dev->config;

	send_rarp(sc);
	if (!virtio_has(sc->dev, VIRTIO_NET_F_GUEST_ANNOUNCE))
		return;
	cfg->status |= VIRTIO_NET_S_ANNOUNCE;
	virtio_config_changed(sc->dev);
}

/* Stops a pair: neither vhost nor bhyve moves its frames from here on. */
static void stop_pair(struct net_pair *p)
{
	net_vhost_stop(p);
	mevent_disable(p->readable);
	mevent_disable(p->writable);
}

/* False: bhyve has to move the frames. */
static bool start_vhost(struct net_pair *p)
{
	if (!net_vhost_start(p))
		return false;
	mevent_disable(p->readable);
	mevent_disable(p->writable);
	return true;
}

static void start_pair(struct net_pair *p)
{
	if (!start_vhost(p))
		want_frames(p);
}

/* The first notification after a move: the backend is set up as the driver left it. */
static void arrive(struct net_softc *sc)
{
	sc->moved = false;
	net_set_offloads(sc, sc->offloads);
	net_activate(sc, sc->active);
	announce(sc);
}

static void net_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct net_softc *sc = dev->softc;
	unsigned int pair = vq->index / 2;

	if (sc->moved)
		arrive(sc);
	if (is_control(sc, vq))
		net_control(sc, vq);
	else if (pair >= sc->active)
		return;
	else if (start_vhost(&sc->pairs[pair]))
		virtio_come_back(vq);
	else if (vq->index % 2)
		tx_kick(&sc->pairs[pair]);
	else
		want_frames(&sc->pairs[pair]);
}

void net_activate(struct net_softc *sc, unsigned int n)
{
	unsigned int i;

	for (i = n; i < sc->be.nqueues; i++)
		stop_pair(&sc->pairs[i]);
	net_backend_set_queues(&sc->be, n);
	sc->active = n;
	for (i = 0; i < n; i++)
		start_pair(&sc->pairs[i]);
}

static void net_stop(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct net_softc *sc = dev->softc;
	unsigned int pair = vq->index / 2;

	if (pair < sc->be.nqueues)
		net_vhost_stop(&sc->pairs[pair]);
}

void net_set_offloads(struct net_softc *sc, uint64_t offloads)
{
	sc->offloads = offloads & NET_GUEST_OFFLOADS;
	net_backend_set_offloads(&sc->be, offloads);
}

/*
 * Takes the rings back from vhost, so that bhyve has their state to save. The next
 * notification hands them over again.
 */
static void net_settle(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;
	unsigned int i;

	for (i = 0; i < sc->be.nqueues; i++)
		net_vhost_stop(&sc->pairs[i]);
}

/*
 * The short header is for the legacy interface (5.1.6.1), and for a driver of the
 * other one that accepts neither VERSION_1 nor MRG_RXBUF: small systems written
 * for QEMU are such drivers, and QEMU takes its length from these features.
 */
static int header_length(const struct virtio_dev *dev)
{
	return virtio_has(dev, VIRTIO_F_VERSION_1) ||
			       virtio_has(dev, VIRTIO_NET_F_MRG_RXBUF) ?
		       NET_HDR_LEN :
		       NET_LEGACY_HDR_LEN;
}

static void net_set_header(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;

	net_backend_set_header(&sc->be, header_length(dev));
}

static void net_driver_ok(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;

	net_set_header(dev);
	net_set_offloads(sc, dev->negotiated);
	net_activate(sc, 1);
}

static void net_reset(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;
	struct net_config *cfg = (void *)dev->config;
	unsigned int i;

	for (i = 0; i < sc->be.nqueues; i++)
		stop_pair(&sc->pairs[i]);
	net_backend_set_queues(&sc->be, 1);
	sc->active = 1;
	memcpy(cfg->mac, sc->mac, sizeof(cfg->mac));
	cfg->status = VIRTIO_NET_S_LINK_UP;
	sc->moved = false;
}

/*
 * The guest keeps its address, also the one after a reset, which may come from
 * the VM's name. No frame is in flight: the backend takes or gives whole ones.
 */
static void net_state(struct virtio_dev *dev, struct state *s)
{
	struct net_softc *sc = dev->softc;
	struct net_config *cfg = (void *)dev->config;

	state_same(s, "the number of queue pairs", sc->be.nqueues);
	state_same(s, "mtu", cfg->mtu);
	state_bytes(s, "mac", cfg->mac, sizeof(cfg->mac));
	state_bytes(s, "mac after a reset", sc->mac, sizeof(sc->mac));
	STATE(s, sc, offloads);
	STATE_MAX(s, sc, active, sc->be.nqueues);
	if (!sc->active || sc->offloads & ~NET_GUEST_OFFLOADS)
		state_fail(s, "active or offloads are out of range");
	/* The guest's move is announced later: guest memory may not be loaded yet. */
	if (state_is_loaded(s)) {
		net_set_header(dev);
		sc->moved = virtio_running(dev);
	}
}

static int set_mtu(struct net_softc *sc, struct config_node *node)
{
	struct net_config *cfg = (void *)sc->dev->config;
	uint64_t mtu = 0;
	int error = get_config_u64_node(node, "mtu", &mtu);

	if (error == -ENOENT)
		return 0;
	if (error || mtu < MTU_MIN || mtu > MTU_MAX)
		return refuse("%s: mtu=%s: it is a number from %d to %d",
			      sc->dev->tag, get_config_value_node(node, "mtu"),
			      MTU_MIN, MTU_MAX);
	cfg->mtu = mtu;
	sc->dev->features |= VIRTIO_NET_F_MTU;
	return 0;
}

static int make_config(struct net_softc *sc, struct config_node *node)
{
	struct virtio_dev *dev = sc->dev;
	struct net_config *cfg = (void *)dev->config;

	dev->config_len = sizeof(*cfg);
	dev->features |= sc->be.offloads | VIRTIO_NET_F_MAC |
			 VIRTIO_NET_F_STATUS | VIRTIO_NET_F_CTRL_VQ |
			 VIRTIO_NET_F_CTRL_MAC_ADDR |
			 VIRTIO_NET_F_GUEST_ANNOUNCE;
	dev->features |= VIRTIO_NET_F_MRG_RXBUF;
	if (sc->be.offloads & NET_GUEST_OFFLOADS)
		dev->features |= VIRTIO_NET_F_CTRL_GUEST_OFFLOADS;
	if (sc->be.nqueues > 1)
		dev->features |= VIRTIO_NET_F_MQ;
	/*
	 * FreeBSD/armv7 needs the short header, which it pads so that IP is
	 * aligned. It does not pad that of MRG_RXBUF, and it takes dozens of
	 * buffers for each packet that may come, and has none left for a second
	 * queue (13.2, 512 MiB).
	 */
	dev->modern_features |= VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_MQ;
	cfg->max_virtqueue_pairs = sc->be.nqueues;
	if (net_mac(&sc->be, node, dev->slot, dev->func, dev->tag, sc->mac))
		return -EINVAL;
	memcpy(cfg->mac, sc->mac, sizeof(cfg->mac));
	cfg->status = VIRTIO_NET_S_LINK_UP;
	return set_mtu(sc, node);
}

static int make_pair(struct net_softc *sc, unsigned int i)
{
	struct net_pair *p = &sc->pairs[i];

	p->sc = sc;
	p->index = i;
	p->fd = sc->be.fd[i];
	p->readable = mevent_add_disabled(p->fd, EVF_READ, rx_readable, p);
	p->writable = mevent_add_disabled(p->fd, EVF_WRITE, tx_writable, p);
	if (!p->readable || !p->writable)
		return refuse("%s: out of memory or descriptors", sc->dev->tag);
	return 0;
}

static int make_pairs(struct net_softc *sc)
{
	unsigned int i;

	sc->pairs = calloc(sc->be.nqueues, sizeof(*sc->pairs));
	if (!sc->pairs)
		return refuse("%s: out of memory", sc->dev->tag);
	for (i = 0; i < sc->be.nqueues; i++)
		if (make_pair(sc, i))
			return -EINVAL;
	return 0;
}

static int net_init(struct virtio_dev *dev, struct config_node *node)
{
	struct net_softc *sc = calloc(1, sizeof(*sc));

	if (!sc)
		return refuse("%s: out of memory", dev->tag);
	dev->softc = sc;
	sc->dev = dev;
	sc->active = 1;
	sc->be.hdr_len = dev->legacy ? NET_LEGACY_HDR_LEN : NET_HDR_LEN;
	if (net_backend_open(&sc->be, node, dev->tag) ||
	    virtio_set_queues(dev, 2 * sc->be.nqueues + 1, QUEUE_SIZE) ||
	    make_config(sc, node) || make_pairs(sc))
		return -EINVAL;
	return net_vhost_open(sc, node);
}

static void close_pair(struct net_pair *p)
{
	if (p->readable)
		mevent_delete(p->readable);
	if (p->writable)
		mevent_delete(p->writable);
}

static void net_close(struct virtio_dev *dev)
{
	struct net_softc *sc = dev->softc;
	unsigned int i;

	if (!sc)
		return;
	for (i = 0; sc->pairs && i < sc->be.nqueues; i++)
		close_pair(&sc->pairs[i]);
	net_backend_close(&sc->be);
	free(sc->pairs);
	free(sc);
}

static const struct virtio_dev_ops virtio_net = {
	.name = "virtio-net",
	.device_id = 1,
	.pci_class = 0x020000, /* network, Ethernet */
	.legacy_config = net_legacy_config,
	.init = net_init,
	.legacy_changed = net_set_header,
	.driver_ok = net_driver_ok,
	.stop = net_stop,
	.reset = net_reset,
	.settle = net_settle,
	.notify = net_notify,
	.close = net_close,
};
VIRTIO_DEVICE(virtio_net, net_state);
