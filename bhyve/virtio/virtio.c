/* SPDX-License-Identifier: BSD-2-Clause */
/* What all virtio devices do: virtio 1.2, sections 2 and 3. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/virtio/virtio.h"

/*
 * A driver may break its device in a loop, and the log must not fill the disk.
 */
#define MAX_FAULT_MESSAGES 8

/* The devices, the latest first; at start-up. */
static struct virtio_dev *devices;

static bool held; /* the event thread's own */

/* The linker defines these; a program without devices has neither. */
extern const struct virtio_device *const __start_virtio_devices[]
	__attribute__((weak));
extern const struct virtio_device *const __stop_virtio_devices[]
	__attribute__((weak));

const struct virtio_device *virtio_find(const char *name)
{
	const struct virtio_device *const *p;

	for (p = __start_virtio_devices; p < __stop_virtio_devices; p++)
		if (strcmp((*p)->ops->name, name) == 0)
			return *p;
	return NULL;
}

void virtio_list(void)
{
	const struct virtio_device *const *p;

	for (p = __start_virtio_devices; p < __stop_virtio_devices; p++)
		puts((*p)->ops->name);
}

int virtio_create(struct vmctx *ctx, const struct virtio_conf *conf,
		  struct virtio_dev **devp)
{
	struct virtio_dev *dev = *devp = calloc(1, sizeof(*dev));

	if (!dev)
		return refuse("%s: out of memory", conf->where);
	dev->ops = conf->device->ops;
	dev->state = conf->device->state;
	dev->ctx = ctx;
	dev->slot = conf->slot;
	dev->func = conf->func;
	snprintf(dev->tag, sizeof(dev->tag), "%s: %s", conf->where,
		 dev->ops->name);
	pthread_mutex_init(&dev->mtx, NULL);
	pthread_cond_init(&dev->drained, NULL);
	dev->legacy = conf->legacy;
	dev->features = VIRTIO_F_OF_RINGS;
	dev->modern_features = VIRTIO_F_OF_MODERN_RINGS;
	dev->next = devices;
	devices = dev;
	return dev->ops->init(dev, conf->node);
}

static void unlink_device(const struct virtio_dev *dev)
{
	struct virtio_dev **p = &devices;

	while (*p != dev)
		p = &(*p)->next;
	*p = dev->next;
}

static void close_event(struct mevent *event, int fd)
{
	if (event)
		mevent_delete(event);
	if (fd >= 0)
		close(fd);
}

void virtio_destroy(struct virtio_dev *dev)
{
	unlink_device(dev);
	dev->ops->close(dev);
	/* A queue whose dev is NULL was not made any more. */
	for (unsigned int i = 0; i < dev->nvq && dev->vqs[i].dev; i++) {
		close_event(dev->vqs[i].kicked, dev->vqs[i].kick_fd);
		close_event(dev->vqs[i].called, dev->vqs[i].call_fd);
	}
	free(dev->vqs);
	pthread_cond_destroy(&dev->drained);
	pthread_mutex_destroy(&dev->mtx);
	free(dev);
}

static struct virtio_dev *device_at(unsigned int slot, unsigned int func)
{
	struct virtio_dev *dev = devices;

	while (dev && (dev->slot != slot || dev->func != func))
		dev = dev->next;
	return dev;
}

int virtio_grow(unsigned int slot, unsigned int func, uint64_t *size,
		const char **why)
{
	struct virtio_dev *dev = device_at(slot, func);
	int ret;

	if (!dev || !dev->ops->grow) {
		*why = "there is no disk in that slot";
		return -ENODEV;
	}
	/* Not virtio_lock(), which may wait for the disk during a reset. */
	pthread_mutex_lock(&dev->mtx);
	ret = dev->ops->grow(dev, size, why);
	if (!ret)
		virtio_config_changed(dev);
	pthread_mutex_unlock(&dev->mtx);
	return ret;
}

/*
 * Does not use virtio_lock(), which would wait here for a reset that waits for a
 * disk. Buffers that were made available before a reset do not matter any more.
 */
static void on_kick(int fd, enum ev_type type, void *arg)
{
	struct virtqueue *vq = arg;
	eventfd_t n;

	(void)type;
	if (eventfd_read(fd, &n) || held)
		return;
	pthread_mutex_lock(&vq->dev->mtx);
	virtio_notify(vq->dev, vq->index);
	pthread_mutex_unlock(&vq->dev->mtx);
}

static int listen_for_kicks(struct virtqueue *vq)
{
	vq->kick_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (vq->kick_fd >= 0)
		vq->kicked = mevent_add(vq->kick_fd, EVF_READ, on_kick, vq);
	if (!vq->kicked)
		return refuse("%s: no eventfd for a queue: %s; see ulimit -n",
			      vq->dev->tag, strerror(errno));
	return 0;
}

int virtio_set_queues(struct virtio_dev *dev, unsigned int n, uint16_t max_size)
{
	unsigned int i;

	dev->vqs = calloc(n, sizeof(*dev->vqs));
	if (!dev->vqs)
		return refuse("%s: out of memory", dev->tag);
	dev->nvq = n;
	for (i = 0; i < n; i++) {
		dev->vqs[i].dev = dev;
		dev->vqs[i].index = i;
		dev->vqs[i].max_size = max_size;
		dev->vqs[i].call_fd = -1;
		if (listen_for_kicks(&dev->vqs[i]))
			return -EINVAL;
		vq_reset(&dev->vqs[i]);
	}
	return 0;
}

void virtio_lock(struct virtio_dev *dev)
{
	pthread_mutex_lock(&dev->mtx);
	while (dev->draining)
		pthread_cond_wait(&dev->drained, &dev->mtx);
}

void virtio_unlock(struct virtio_dev *dev)
{
	pthread_mutex_unlock(&dev->mtx);
}

bool virtio_running(const struct virtio_dev *dev)
{
	return (dev->legacy || (dev->status & VIRTIO_S_DRIVER_OK)) &&
	       !(dev->status & VIRTIO_S_NEEDS_RESET) && !dev->draining;
}

int virtio_get(struct virtqueue *vq, struct vq_chain *chain)
{
	int n;

	if (!virtio_running(vq->dev))
		return 0;
	n = vq_get(vq, chain);
	if (n >= 0)
		return n;
	virtio_broken(vq->dev, vq->fault);
	return 0;
}

void virtio_put(struct virtqueue *vq, const struct vq_chain *chain,
		uint32_t len)
{
	vq_fill(vq, chain, len);
	vq_publish(vq);
}

void virtio_come_back(struct virtqueue *vq)
{
	eventfd_write(vq->kick_fd, 1);
}

void virtio_signal(struct virtqueue *vq)
{
	if (vq->ready && vq_should_signal(vq))
		vq->dev->transport->queue_interrupt(vq->dev, vq);
}

void virtio_broken(struct virtio_dev *dev, const char *rule)
{
	if (dev->status & VIRTIO_S_NEEDS_RESET)
		return;
	dev->status |= VIRTIO_S_NEEDS_RESET;
	if (dev->faults++ < MAX_FAULT_MESSAGES)
		guest_println(
			"%s: the guest's driver broke it: %s; it needs a reset",
			dev->tag, rule);
	if (dev->status & VIRTIO_S_DRIVER_OK)
		dev->transport->config_interrupt(dev);
}

void virtio_config_changed(struct virtio_dev *dev)
{
	dev->config_gen++;
	if (dev->status & VIRTIO_S_DRIVER_OK)
		dev->transport->config_interrupt(dev);
}

static uint64_t offered(const struct virtio_dev *dev)
{
	return dev->features & ~(dev->legacy ? dev->modern_features : 0);
}

uint32_t virtio_get_features(const struct virtio_dev *dev, uint32_t sel)
{
	return sel < 2 ? offered(dev) >> (32 * sel) : 0;
}

void virtio_set_features(struct virtio_dev *dev, uint32_t sel, uint32_t val)
{
	uint64_t mask;

	/* Features are final once agreed (virtio 1.2, 3.1.1). */
	if (sel > 1 || (dev->status & VIRTIO_S_FEATURES_OK))
		return;
	mask = 0xffffffffull << (32 * sel);
	dev->negotiated = (dev->negotiated & ~mask) |
			  ((uint64_t)val << (32 * sel));
}

static void stop_queue(struct virtqueue *vq)
{
	struct virtio_dev *dev = vq->dev;

	if (dev->ops->stop && vq->ready)
		dev->ops->stop(dev, vq);
	vq_stop(vq);
	if (!vq->inflight)
		return;
	dev->draining = true;
	if (dev->ops->drain)
		dev->ops->drain(dev, vq);
	vq->inflight = 0;
	dev->draining = false;
	pthread_cond_broadcast(&dev->drained);
}

static void virtio_reset(struct virtio_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->nvq; i++)
		stop_queue(&dev->vqs[i]);
	for (i = 0; i < dev->nvq; i++)
		vq_reset(&dev->vqs[i]);
	if (dev->ops->reset)
		dev->ops->reset(dev);
	dev->negotiated = 0;
	dev->status = 0;
}

/*
 * A driver that does not accept VERSION_1 on a virtio 1.0 transport is served, too
 * (virtio-net has a shorter header for it). 6.1 allows a device to refuse that; QEMU's
 * does not, and small systems written for QEMU depend on it.
 */
static bool features_acceptable(const struct virtio_dev *dev)
{
	return !(dev->negotiated & ~offered(dev));
}

/*
 * A driver that goes on without setting FEATURES_OK is treated as if it had set
 * it: FreeBSD's on virtio-mmio never does (13.2).
 */
static bool features_agreed(struct virtio_dev *dev)
{
	if (features_acceptable(dev))
		dev->status |= VIRTIO_S_FEATURES_OK;
	return dev->status & VIRTIO_S_FEATURES_OK;
}

void virtio_choose_interface(struct virtio_dev *dev, bool legacy)
{
	if (dev->status || dev->legacy == legacy)
		return;
	dev->legacy = legacy;
	if (dev->ops->legacy_changed)
		dev->ops->legacy_changed(dev);
}

void virtio_set_status(struct virtio_dev *dev, uint8_t status)
{
	uint8_t fresh;

	if (status == 0) {
		virtio_reset(dev);
		return;
	}
	/*
	 * The driver must not clear bits (2.1.1); NEEDS_RESET is set only by
	 * the device.
	 */
	fresh = status & ~dev->status & ~VIRTIO_S_NEEDS_RESET;
	if ((fresh & VIRTIO_S_FEATURES_OK) && !features_acceptable(dev))
		fresh &= ~VIRTIO_S_FEATURES_OK;
	if ((fresh & VIRTIO_S_DRIVER_OK) && !features_agreed(dev))
		fresh &= ~VIRTIO_S_DRIVER_OK;
	dev->status |= fresh;
	if ((fresh & VIRTIO_S_DRIVER_OK) && dev->ops->driver_ok &&
	    virtio_running(dev))
		dev->ops->driver_ok(dev);
}

struct virtqueue *virtio_queue(struct virtio_dev *dev, uint32_t index)
{
	return index < dev->nvq ? &dev->vqs[index] : NULL;
}

static struct vq_format ring_format(const struct virtio_dev *dev)
{
	return (struct vq_format){
		.packed = virtio_has(dev, VIRTIO_F_RING_PACKED),
		.event_idx = virtio_has(dev, VIRTIO_F_EVENT_IDX),
		.indirect = virtio_has(dev, VIRTIO_F_INDIRECT_DESC),
	};
}

void virtio_enable_queue(struct virtqueue *vq, bool enable)
{
	struct virtio_dev *dev = vq->dev;
	struct vq_format fmt = ring_format(dev);

	if (enable == vq->ready)
		return;
	if (!enable)
		stop_queue(vq);
	else if (!features_agreed(dev))
		virtio_broken(dev, "queue enabled with features that were not"
				   " offered");
	else if (vq_start(vq, dev->ctx, &fmt))
		virtio_broken(dev, vq->fault);
}

void virtio_enable_legacy_queue(struct virtqueue *vq, uint64_t gpa,
				uint64_t align)
{
	uint64_t n = vq->size_set;

	vq->desc_gpa = gpa;
	vq->driver_gpa = gpa + 16 * n;
	vq->device_gpa = (vq->driver_gpa + 6 + 2 * n + align - 1) & -align;
	virtio_enable_queue(vq, true);
}

void virtio_notify(struct virtio_dev *dev, uint32_t index)
{
	struct virtqueue *vq = virtio_queue(dev, index);

	if (vq && vq->ready && virtio_running(dev))
		dev->ops->notify(dev, vq);
}

void virtio_read_config(struct virtio_dev *dev, uint32_t off, void *buf,
			uint32_t len)
{
	memset(buf, 0, len);
	if (off >= dev->config_len)
		return;
	if (len > dev->config_len - off)
		len = dev->config_len - off;
	memcpy(buf, dev->config + off, len);
}

void virtio_write_config(struct virtio_dev *dev, uint32_t off, const void *buf,
			 uint32_t len)
{
	if (!dev->ops->config_write || off >= dev->config_len ||
	    len > dev->config_len - off)
		return;
	dev->ops->config_write(dev, off, buf, len);
}

void virtio_state_none(struct virtio_dev *dev, struct state *s)
{
	(void)dev, (void)s;
}

/* Before the features: the driver's interface decides which ones it was offered. */
static void interface_state(struct virtio_dev *dev, struct state *s)
{
	bool legacy = dev->legacy;

	state_number(s, "legacy", &legacy, sizeof(legacy), 1);
	if (!state_is_read(s))
		return;
	virtio_choose_interface(dev, legacy);
}

static void features_state(struct virtio_dev *dev, struct state *s)
{
	STATE(s, dev, negotiated);
	STATE(s, dev, status);
	STATE(s, dev, config_gen);
	if (state_is_read(s) && (dev->status & VIRTIO_S_FEATURES_OK) &&
	    !features_acceptable(dev))
		state_fail(s,
			   "its driver uses features 0x%llx that are not"
			   " offered here: give the disk or the network the"
			   " same options",
			   (unsigned long long)(dev->negotiated &
						~offered(dev)));
}

static void queues_state(struct virtio_dev *dev, struct state *s)
{
	struct vq_format fmt = ring_format(dev);

	state_same(s, "the number of queues", dev->nvq);
	for (unsigned int i = 0; i < dev->nvq; i++)
		vq_state(&dev->vqs[i], dev->ctx, &fmt, s);
}

static void look_for_buffers(struct virtio_dev *dev)
{
	for (unsigned int i = 0; i < dev->nvq; i++)
		if (dev->vqs[i].ready)
			virtio_come_back(&dev->vqs[i]);
}

void virtio_hold(bool on)
{
	struct virtio_dev *dev;

	held = on;
	if (on)
		return;
	for (dev = devices; dev; dev = dev->next) {
		pthread_mutex_lock(&dev->mtx);
		look_for_buffers(dev);
		pthread_mutex_unlock(&dev->mtx);
	}
}

void virtio_dev_state(struct virtio_dev *dev, struct state *s)
{
	if (!s->loading && dev->ops->settle)
		dev->ops->settle(dev);
	interface_state(dev, s);
	features_state(dev, s);
	queues_state(dev, s);
	if (state_is_good(s))
		dev->state(dev, s);
	/*
	 * A kick may have been under way when the state was saved, and is not
	 * in it.
	 */
	look_for_buffers(dev);
}
