/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A back end moves a device's buffers in bhyve's place: it polls a queue's
 * kick_fd, uses the ring in guest memory, and signals the queue's call_fd. If it finds
 * something in the ring that breaks virtio's rules, it signals the device's error_fd;
 * then bhyve takes the rings back, and the device needs a reset. bhyve keeps the device's
 * registers and its configuration, and hands rings over once the driver is ready.
 * vhost_kernel.c has the host kernel's back ends.
 *
 * All functions are called with the device's lock held, or in its init.
 */
#ifndef BHYVE_VHOST_H
#define BHYVE_VHOST_H

#include <stdbool.h>
#include <stdint.h>

#include "bhyve/virtio/virtio_ring.h"

struct vhost;

struct vhost_ring {
	struct vhost *vhost;
	struct virtqueue *vq;
	unsigned int index; /* the back end's number for it */
	bool running;	    /* the back end has it */
};

/* How one kind of back end is spoken to. Errors are negative errnos. */
struct vhost_ops {
	/* Tells the back end which features the driver has accepted. */
	int (*set_features)(struct vhost *vhost, uint64_t features);
	/* Hands the ring over, to begin with the buffer at vq->avail. */
	int (*start_ring)(struct vhost_ring *ring);
	/*
	 * Takes the ring back. When this returns, the back end no longer uses
	 * the ring; *avail is the index of the first buffer that it has not
	 * taken.
	 */
	int (*stop_ring)(struct vhost_ring *ring, uint16_t *avail);
	/* on: begins when all rings were started; off: ends before they stop. */
	int (*run)(struct vhost *vhost, bool on);
};

#define VHOST_MAX_RINGS 10

struct vhost {
	const struct vhost_ops *ops;
	struct virtio_dev *dev;
	int fd;
	int tap_fd;	   /* of vhost-net */
	uint64_t features; /* what the back end offers */
	bool running;	   /* from vhost_start() to vhost_stop() */
	int error_fd;	   /* the back end signals it when a ring is broken */
	unsigned int nrings;
	struct vhost_ring rings[VHOST_MAX_RINGS];
};

/*
 * Open a back end in the host's kernel, and show it guest memory: /dev/vhost-net for
 * the tap @tap_fd, /dev/vhost-vsock for the address @cid (-EADDRINUSE: another VM has
 * it). 0; a negative errno, and then nothing is open. In init only.
 */
int vhost_net_open(struct vhost *vhost, struct vmctx *ctx, int tap_fd);
int vhost_vsock_open(struct vhost *vhost, struct vmctx *ctx, uint64_t cid);
void vhost_kernel_close(struct vhost *vhost);

/*
 * Lets @n queues of @dev from @first on be handed over, by an open back end; the
 * device has its queues already. die()s without descriptors. In init only.
 */
void vhost_add_rings(struct vhost *vhost, struct virtio_dev *dev,
		     unsigned int first, unsigned int n);

/* Features of rings that the back end does not offer are not offered either. */
void vhost_limit_features(struct vhost *vhost);

/* Whether the driver has set up all rings. */
bool vhost_is_ready(const struct vhost *vhost);

/*
 * Hands over all rings that the driver has set up. 0; a negative errno, and then
 * bhyve has them all. Nothing happens if the back end has them already.
 */
int vhost_start(struct vhost *vhost);

/*
 * Takes all rings back, from where the back end has stopped, with nothing in
 * flight. Nothing happens if bhyve has them.
 */
void vhost_stop(struct vhost *vhost);

#endif /* BHYVE_VHOST_H */
