/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket device (virtio 1.2, 5.10): connections between the guest and the host,
 * by the host's kernel (/dev/vhost-vsock). The guest is known there by its address,
 * the key "cid".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/virtio/vhost.h"
#include "bhyve/virtio/virtio.h"

#define VIRTIO_VSOCK_F_SEQPACKET (1ull << 1) /* 5.10.3 */

#define QUEUE_SIZE 256
/* Receive, transmit, event; there is no event for the device to send. */
#define NQUEUES 3
#define NRINGS	2

/* 0 to 2 are the hypervisor's, local, and the host's: 5.10.4. */
#define CID_MIN 3
#define CID_MAX 0xfffffffe

struct vsock_softc {
	struct vhost vhost;
	/* The guest has come here from elsewhere, and is still to be told. */
	bool moved;
};

static uint64_t read_cid(struct virtio_dev *dev, struct config_node *node)
{
	uint64_t cid = 0;

	get_config_u64_node(node, "cid", &cid);
	if (cid < CID_MIN || cid > CID_MAX)
		die("%s: cid: it has to be a number from %u to %u", dev->tag,
		    CID_MIN, CID_MAX);
	return cid;
}

static const char *mend(int error)
{
	switch (error) {
	case -ENOENT:
	case -ENODEV:
		return "modprobe vhost_vsock";
	case -EACCES:
		return "its group, often kvm, may open it";
	case -EADDRINUSE:
		return "another VM has this cid";
	default:
		return "see the kernel's log";
	}
}

static int vsock_init(struct virtio_dev *dev, struct config_node *node)
{
	struct vsock_softc *sc = calloc(1, sizeof(*sc));
	uint64_t cid = read_cid(dev, node);
	int error;

	if (!sc)
		die("%s: out of memory", dev->tag);
	if (dev->legacy)
		die("%s: it is not for virtio.transport=legacy: use mmio",
		    dev->tag);
	dev->softc = sc;
	error = vhost_vsock_open(&sc->vhost, dev->ctx, cid);
	if (error)
		die("%s: cannot use /dev/vhost-vsock: %s; %s", dev->tag,
		    strerror(-error), mend(error));
	if (virtio_set_queues(dev, NQUEUES, QUEUE_SIZE))
		return -EINVAL;
	vhost_add_rings(&sc->vhost, dev, 0, NRINGS);
	vhost_limit_features(&sc->vhost);
	dev->features |= sc->vhost.features & VIRTIO_VSOCK_F_SEQPACKET;
	memcpy(dev->config, &cid, sizeof(cid));
	dev->config_len = sizeof(cid);
	return 0;
}

static void vsock_driver_ok(struct virtio_dev *dev)
{
	struct vsock_softc *sc = dev->softc;
	int error;

	if (!vhost_is_ready(&sc->vhost)) {
		virtio_broken(dev, "a socket device needs both rings");
		return;
	}
	/*
	 * The kernel does not tell where it writes, and nobody else can move what is in
	 * these rings: it waits.
	 */
	if (guest_writes_are_logged())
		return;
	error = vhost_start(&sc->vhost);
	if (error)
		guest_println("%s: the host's kernel does not take its rings: "
			      "%s; the guest has no such sockets",
			      dev->tag, strerror(-error));
}

static void end(struct virtio_dev *dev)
{
	struct vsock_softc *sc = dev->softc;

	vhost_stop(&sc->vhost);
}

static void vsock_stop(struct virtio_dev *dev, struct virtqueue *vq)
{
	if (vq->index < NRINGS)
		end(dev);
}

/*
 * Tells the driver that the guest has been moved: its connections have ended, and
 * its address may have changed (5.10.6.7).
 */
static void tell_of_move(struct vsock_softc *sc, struct virtqueue *vq)
{
	const uint32_t transport_reset = 0;
	struct vq_chain chain;

	if (!sc->moved || !virtio_get(vq, &chain))
		return;
	sc->moved = false;
	virtio_put(vq, &chain,
		   vq_chain_put(&chain, 0, &transport_reset,
				sizeof(transport_reset)));
	virtio_signal(vq);
}

/* A notification that the host's kernel has not seen, or the event queue's. */
static void vsock_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct vsock_softc *sc = dev->softc;

	if (vq->index >= NRINGS)
		tell_of_move(sc, vq);
	else if (sc->vhost.running)
		virtio_come_back(vq);
	else if (vhost_is_ready(&sc->vhost))
		vsock_driver_ok(dev);
}

static void vsock_state(struct virtio_dev *dev, struct state *s)
{
	struct vsock_softc *sc = dev->softc;

	if (state_is_loaded(s))
		sc->moved = true;
}

static const struct virtio_dev_ops virtio_vsock = {
	.name = "virtio-vsock",
	.device_id = 19,
	.pci_class = 0x078000, /* simple communication controller, other */
	.init = vsock_init,
	.driver_ok = vsock_driver_ok,
	.stop = vsock_stop,
	.settle = end,
	.notify = vsock_notify,
};
VIRTIO_DEVICE(virtio_vsock, vsock_state);
