/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio devices: what every device is, whatever it does and whatever bus it
 * sits on (virtio 1.2, 2). A device provides struct virtio_dev_ops and knows
 * no transport; a transport provides struct virtio_transport, turns register
 * accesses into the calls below and knows no device.
 *
 * Locking: each device has one lock. Transports and a device's own threads
 * take it with virtio_lock(); ops are called with it held. It is taken before
 * any lock of the bus or of a backend.
 *
 * Threads: a queue has an eventfd that transports have vmm.ko signal when the
 * guest writes its notification register, so that the event thread does a
 * queue's work and no vCPU waits for it. The vCPU's thread comes with the write
 * itself where vmm.ko cannot (an instruction without a syndrome), and to a
 * device whose work is less than to wake a thread (at_once). Either may come
 * for a queue that is not ready, or for nothing.
 */
#ifndef BHYVE_VIRTIO_H
#define BHYVE_VIRTIO_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bhyve/virtio/virtio_ring.h"

struct config_node;
struct machine;
struct vmctx;
struct virtio_dev;

/* Device status: virtio 1.2, 2.1. */
#define VIRTIO_S_ACKNOWLEDGE	1
#define VIRTIO_S_DRIVER		2
#define VIRTIO_S_DRIVER_OK	4
#define VIRTIO_S_FEATURES_OK	8
#define VIRTIO_S_NEEDS_RESET	64
#define VIRTIO_S_FAILED		128

/* Feature bits of no particular device: virtio 1.2, 6. */
#define VIRTIO_F_INDIRECT_DESC	(1ull << 28)
#define VIRTIO_F_EVENT_IDX	(1ull << 29)
#define VIRTIO_F_VERSION_1	(1ull << 32)
#define VIRTIO_F_RING_PACKED	(1ull << 34)

#define VIRTIO_CONFIG_MAX	64 /* bytes of any device's own configuration */

struct virtio_dev_ops {
	const char *name; /* what "-s slot,NAME" calls it */
	uint16_t device_id; /* virtio 1.2, 5 */
	uint32_t pci_class; /* class, subclass, interface: one byte each */
	bool at_once; /* notify() on the vCPU's thread */

	/* The text after "-s slot,NAME," into keys of node; NULL: as options.
	 * -EINVAL: it is wrong, and was said to be. */
	int (*legacy_config)(struct config_node *node, const char *opts);

	/* Make the device: softc, features, config, virtio_set_queues(). At
	 * start-up; what is wrong with the configuration ends in die(). */
	void (*init)(struct virtio_dev *dev, struct config_node *node);

	/* The driver is ready, features are final. May be NULL. */
	void (*driver_ok)(struct virtio_dev *dev);

	/*
	 * The queue was stopped with buffers in flight: return them or forget
	 * them, but touch them no more. May wait on a condition with the
	 * device's lock. May be NULL: no buffer outlives notify().
	 */
	void (*drain)(struct virtio_dev *dev, struct virtqueue *vq);

	/* Back to the state after init, all queues drained. May be NULL. */
	void (*reset)(struct virtio_dev *dev);

	/*
	 * The driver made buffers available. On the event thread, which serves
	 * every device, or a vCPU's: after some of them virtio_come_back() lets
	 * the others have their turn.
	 */
	void (*notify)(struct virtio_dev *dev, struct virtqueue *vq);

	/* The driver writes its configuration, inside of config_len; NULL:
	 * it is read-only. */
	void (*config_write)(struct virtio_dev *dev, uint32_t off,
			     const void *buf, uint32_t len);
};

struct virtio_transport {
	/* Called with the device's lock held. */
	void (*queue_interrupt)(struct virtio_dev *dev, struct virtqueue *vq);
	void (*config_interrupt)(struct virtio_dev *dev);
};

struct virtio_dev {
	const struct virtio_dev_ops *ops;
	struct vmctx *ctx;
	char tag[40]; /* for messages: where it sits and what it is */
	unsigned int slot; /* as configured, whatever bus it is on */
	unsigned int func;
	void *softc; /* the device's own */
	pthread_mutex_t mtx;

	const struct virtio_transport *transport;
	void *transport_arg;

	uint64_t features; /* offered; the core adds those of the rings */
	uint64_t negotiated;
	uint8_t status;
	bool legacy; /* of before 1.0, for a driver that knows no VERSION_1 */
	bool draining; /* virtio_lock() waits until that is over */
	pthread_cond_t drained;
	unsigned int faults; /* messages so far about a broken driver */

	unsigned int nvq;
	struct virtqueue *vqs;

	uint8_t config[VIRTIO_CONFIG_MAX];
	uint32_t config_len;
	uint32_t config_gen; /* goes up when the device changes config */
};

/* Devices add themselves to the table of those that -s knows. */
#define VIRTIO_DEVICE(ops)                                                     \
	static const struct virtio_dev_ops *const virtio_device_##ops         \
		__attribute__((used, section("virtio_devices"))) = &ops

/* The device of that name, or NULL. */
const struct virtio_dev_ops *virtio_find(const char *name);

/* The names of all devices to stdout, one a line. */
void virtio_list(void);

/* For devices */

/* n queues of max_size each; in init only. */
void virtio_set_queues(struct virtio_dev *dev, unsigned int n,
		       uint16_t max_size);

static inline bool virtio_has(const struct virtio_dev *dev, uint64_t feature)
{
	return (dev->negotiated & feature) != 0;
}

/* The driver is up, did nothing forbidden and is not waiting for drain(). One of
 * before 1.0 may use the device before it says so: virtio 1.2, 3.1.2. */
bool virtio_running(const struct virtio_dev *dev);

/* vq_get(), but a broken ring breaks the device, and 0 is what comes then. */
int virtio_get(struct virtqueue *vq, struct vq_chain *chain);

/* Return one buffer and publish it. The interrupt is virtio_signal()'s. */
void virtio_put(struct virtqueue *vq, const struct vq_chain *chain,
		uint32_t len);

/* Have notify() called again, after what else there is to do. */
void virtio_come_back(struct virtqueue *vq);

/* Interrupt the driver if it wants one for what was published. */
void virtio_signal(struct virtqueue *vq);

/* The driver broke a rule: say so, set DEVICE_NEEDS_RESET (virtio 1.2, 2.1.2)
 * and touch its rings no more. The VM goes on. */
void virtio_broken(struct virtio_dev *dev, const char *rule);

/* The device changed dev->config. */
void virtio_config_changed(struct virtio_dev *dev);

/* For transports. None of these wants the lock held. */

/* Where virtio devices go (virtio.transport); not known at all: die(). */
enum virtio_transport_kind {
	VIRTIO_ON_PCI,
	VIRTIO_ON_MMIO,
	VIRTIO_ON_LEGACY_MMIO, /* as they were before virtio 1.0 */
};
enum virtio_transport_kind virtio_transport_kind(void);

/* What a device is made from. */
struct virtio_conf {
	const struct virtio_dev_ops *ops;
	struct config_node *node;
	unsigned int slot;
	unsigned int func;
	const char *where; /* for messages */
	bool legacy; /* virtio_dev.legacy */
};

/* Makes the device; never NULL. */
struct virtio_dev *virtio_create(struct vmctx *ctx,
				 const struct virtio_conf *conf);

/* Also waits while queues that another vCPU stopped are drained. */
void virtio_lock(struct virtio_dev *dev);
void virtio_unlock(struct virtio_dev *dev);

/* The rest: with the lock held, from virtio_lock(). */

/* Bits 32 * sel to 32 * sel + 31 of the features. */
uint32_t virtio_get_features(const struct virtio_dev *dev, uint32_t sel);
void virtio_set_features(struct virtio_dev *dev, uint32_t sel, uint32_t val);

/* A write of the status register; 0 resets and waits until that is done. */
void virtio_set_status(struct virtio_dev *dev, uint8_t status);

/* NULL if there is no such queue. */
struct virtqueue *virtio_queue(struct virtio_dev *dev, uint32_t index);

/* Start a queue with the addresses the driver gave; or stop it, and wait until
 * the device has let go of its buffers. */
void virtio_enable_queue(struct virtqueue *vq, bool enable);

/* The driver's notification for a queue, which need not exist, written by a
 * vCPU that came out here with it. */
void virtio_notify(struct virtio_dev *dev, uint32_t index);

/* Reads beyond the end give 0, writes there are ignored. */
void virtio_read_config(struct virtio_dev *dev, uint32_t off, void *buf,
			uint32_t len);
void virtio_write_config(struct virtio_dev *dev, uint32_t off, const void *buf,
			 uint32_t len);

/*
 * The slots of virtio-mmio: with virtio.transport=mmio or =legacy the virtio
 * devices of pci.* on the first of them, otherwise empty. At start-up, once.
 */
void init_virtio_mmio(struct vmctx *ctx, const struct machine *m);

#endif /* BHYVE_VIRTIO_H */
