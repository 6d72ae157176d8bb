/* SPDX-License-Identifier: BSD-2-Clause */
/* Hands rings over to a back end, and takes them back. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/virtio/vhost.h"
#include "bhyve/virtio/virtio.h"

/* Interrupts the driver where vmm.ko cannot do it for the back end's signal. */
static void on_call(int fd, enum ev_type type, void *arg)
{
	struct vhost_ring *ring = arg;
	struct virtio_dev *dev = ring->vhost->dev;
	eventfd_t n;

	(void)type;
	if (eventfd_read(fd, &n))
		return;
	pthread_mutex_lock(&dev->mtx);
	if (ring->running)
		dev->transport->queue_interrupt(dev, ring->vq);
	pthread_mutex_unlock(&dev->mtx);
}

/*
 * The rings are taken back: at the next notification a back end may go on from the index
 * that it has refused, as Linux's does, and use buffers that nobody offered.
 */
static void on_error(int fd, enum ev_type type, void *arg)
{
	struct vhost *vhost = arg;
	struct virtio_dev *dev = vhost->dev;
	eventfd_t n;

	(void)type;
	pthread_mutex_lock(&dev->mtx);
	if (!eventfd_read(fd, &n) && vhost->running) {
		vhost_stop(vhost);
		virtio_broken(dev, "its back end finds a ring broken");
	}
	pthread_mutex_unlock(&dev->mtx);
}

static void watch_errors(struct vhost *vhost)
{
	vhost->error_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (vhost->error_fd < 0 ||
	    !mevent_add(vhost->error_fd, EVF_READ, on_error, vhost))
		die("%s: no eventfd for its errors: %s; see ulimit -n",
		    vhost->dev->tag, strerror(errno));
}

static void add_ring(struct vhost *vhost, struct virtqueue *vq)
{
	struct vhost_ring *ring = &vhost->rings[vhost->nrings];

	ring->vhost = vhost;
	ring->vq = vq;
	ring->index = vhost->nrings++;
	vq->call_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (vq->call_fd >= 0)
		vq->called = mevent_add_disabled(vq->call_fd, EVF_READ, on_call,
						 ring);
	if (!vq->called)
		die("%s: no eventfd for a queue: %s; see ulimit -n",
		    vhost->dev->tag, strerror(errno));
}

void vhost_add_rings(struct vhost *vhost, struct virtio_dev *dev,
		     unsigned int first, unsigned int n)
{
	unsigned int i;

	vhost->dev = dev;
	watch_errors(vhost);
	for (i = 0; i < n; i++)
		add_ring(vhost, &dev->vqs[first + i]);
}

void vhost_limit_features(struct vhost *vhost)
{
	/* The interface has addresses for the parts of a split ring only. */
	vhost->features &= ~VIRTIO_F_RING_PACKED;
	vhost->dev->features &= vhost->features | ~VIRTIO_F_OF_RINGS;
}

static int start_ring(struct vhost_ring *ring)
{
	int error = 0;

	if (ring->vq->ready)
		error = ring->vhost->ops->start_ring(ring);
	ring->running = ring->vq->ready && !error;
	return error;
}

/* Notifications and interrupts are the back end's from now on. */
static void let_go(struct vhost_ring *ring)
{
	struct virtqueue *vq = ring->vq;

	if (!ring->running)
		return;
	mevent_disable(vq->kicked);
	vq->dev->transport->queue_irqfd(vq->dev, vq, true);
	/* The event thread may have taken a notification already. */
	virtio_come_back(vq);
}

static void stop_ring(struct vhost_ring *ring)
{
	struct virtqueue *vq = ring->vq;
	uint16_t avail = vq->avail;

	if (!ring->running)
		return;
	ring->vhost->ops->stop_ring(ring, &avail);
	ring->running = false;
	vq->dev->transport->queue_irqfd(vq->dev, vq, false);
	vq->avail = vq->avail_seen = vq->used = avail;
	mevent_enable(vq->kicked);
}

bool vhost_is_ready(const struct vhost *vhost)
{
	unsigned int i;

	for (i = 0; i < vhost->nrings; i++)
		if (!vhost->rings[i].vq->ready)
			return false;
	return true;
}

int vhost_start(struct vhost *vhost)
{
	eventfd_t earlier;
	unsigned int i;
	int error;

	if (vhost->running)
		return 0;
	/* Errors of what the driver did before its reset are over. */
	eventfd_read(vhost->error_fd, &earlier);
	vhost->running = true;
	error = vhost->ops->set_features(vhost, vhost->dev->negotiated &
							vhost->features);
	for (i = 0; i < vhost->nrings && !error; i++)
		error = start_ring(&vhost->rings[i]);
	if (!error)
		error = vhost->ops->run(vhost, true);
	if (error)
		vhost_stop(vhost);
	for (i = 0; i < vhost->nrings && !error; i++)
		let_go(&vhost->rings[i]);
	return error;
}

void vhost_stop(struct vhost *vhost)
{
	unsigned int i;

	if (!vhost->running)
		return;
	vhost->ops->run(vhost, false);
	for (i = 0; i < vhost->nrings; i++)
		stop_ring(&vhost->rings[i]);
	vhost->running = false;
}
