/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio devices: what they all share, independent of device and bus (virtio
 * 1.2, section 2). A device provides struct virtio_dev_ops and knows no
 * transport. A transport provides struct virtio_transport, turns register
 * accesses into the calls below, and knows no device.
 *
 * Locking: each device has a lock. Transports and the device's own threads take
 * it with virtio_lock(); the functions of ops are called with it held. It is
 * taken before any lock of the bus or of a backend.
 *
 * Threads: each queue has an eventfd that vmm.ko signals when the guest writes
 * its notification register, so that the event thread does the queue's work and
 * no vCPU waits for it. The vCPU's thread brings a notification itself if
 * vmm.ko cannot take it (an instruction without a syndrome), and for a device
 * whose work takes less than waking a thread (at_once). Either thread may come
 * for a queue that is not ready, or that has nothing to do.
 */
#ifndef BHYVE_VIRTIO_H
#define BHYVE_VIRTIO_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "bhyve/base/state.h"
#include "bhyve/virtio/virtio_ring.h"

struct config_node;
struct machine;
struct vmctx;
struct virtio_dev;

/* Device status: virtio 1.2, 2.1. */
#define VIRTIO_S_ACKNOWLEDGE 1
#define VIRTIO_S_DRIVER	     2
#define VIRTIO_S_DRIVER_OK   4
#define VIRTIO_S_FEATURES_OK 8
#define VIRTIO_S_NEEDS_RESET 64
#define VIRTIO_S_FAILED	     128

/* Feature bits of no particular device: virtio 1.2, 6. */
#define VIRTIO_F_INDIRECT_DESC (1ull << 28)
#define VIRTIO_F_EVENT_IDX     (1ull << 29)
#define VIRTIO_F_VERSION_1     (1ull << 32)
#define VIRTIO_F_RING_PACKED   (1ull << 34)

/* Those that the files of the rings carry out. */
#define VIRTIO_F_OF_MODERN_RINGS (VIRTIO_F_VERSION_1 | VIRTIO_F_RING_PACKED)
#define VIRTIO_F_OF_RINGS \
	(VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX | VIRTIO_F_OF_MODERN_RINGS)

#define VIRTIO_CONFIG_MAX 64 /* most bytes of a device's own configuration */

struct virtio_dev_ops {
	const char *name;   /* its name in "-s slot,NAME" */
	uint16_t device_id; /* virtio 1.2, 5 */
	uint32_t pci_class; /* class, subclass and interface: one byte each */
	bool at_once;	    /* call notify() on the vCPU's thread */

	/*
	 * Turns the text after "-s slot,NAME," into keys of node; NULL: the
	 * text consists of options. 0; -EINVAL after printing the error.
	 */
	int (*legacy_config)(struct config_node *node, const char *opts);

	/*
	 * Makes the device: softc, features, config, virtio_set_queues(). At
	 * start-up, or if it has close() also on the event thread later. 0;
	 * -EINVAL after printing the error. A device without close() may exit.
	 */
	int (*init)(struct virtio_dev *dev, struct config_node *node);

	/* dev->legacy has changed, between two drivers. May be NULL. */
	void (*legacy_changed)(struct virtio_dev *dev);

	/* The driver is ready; features are final. May be NULL. */
	void (*driver_ok)(struct virtio_dev *dev);

	/*
	 * The queue is about to be stopped: whoever else uses its ring has to
	 * let go of it (vhost.h). NULL: nobody does.
	 */
	void (*stop)(struct virtio_dev *dev, struct virtqueue *vq);

	/*
	 * The queue was stopped with buffers in flight: return or forget them,
	 * and do not touch them any more. May wait on a condition with the
	 * device's lock. NULL: no buffer is kept after notify().
	 */
	void (*drain)(struct virtio_dev *dev, struct virtqueue *vq);

	/*
	 * Puts the device into its state after init; all queues have been
	 * drained. May be NULL.
	 */
	void (*reset)(struct virtio_dev *dev);

	/*
	 * Waits, with the device's lock released as drain() does, until nothing
	 * is in flight; buffers that a backend has not taken yet are given
	 * back to the queue. Called before state() saves the device. NULL:
	 * nothing is ever in flight.
	 */
	void (*settle)(struct virtio_dev *dev);

	/*
	 * The driver has made buffers available. On the event thread, which
	 * serves all devices, or on a vCPU's: after some buffers,
	 * virtio_come_back() gives other devices their turn.
	 */
	void (*notify)(struct virtio_dev *dev, struct virtqueue *vq);

	/*
	 * The driver writes to the configuration, within config_len. NULL: it
	 * is read-only.
	 */
	void (*config_write)(struct virtio_dev *dev, uint32_t off,
			     const void *buf, uint32_t len);

	/* Does what virtio_grow() says. NULL: the device is no disk. */
	int (*grow)(struct virtio_dev *dev, uint64_t *size, const char **why);

	/*
	 * Closes and frees what init has made, also if init has died on the way
	 * (softc is NULL if there is nothing yet). The device has been reset, or
	 * was never used. Event thread, with no vCPU in the guest, without the
	 * lock. NULL: the device is there as long as the VM.
	 */
	void (*close)(struct virtio_dev *dev);
};

/*
 * Saves or loads what a device has besides its queues, status and features, which
 * are loaded before it. With the device's lock held; see register_device().
 */
typedef void (*virtio_state_t)(struct virtio_dev *dev, struct state *s);

struct virtio_transport {
	/* Called with the device's lock held. */
	void (*queue_interrupt)(struct virtio_dev *dev, struct virtqueue *vq);
	void (*config_interrupt)(struct virtio_dev *dev);

	/*
	 * With on true, signals of vq->call_fd interrupt the driver from now
	 * on: vmm.ko does that if it can; otherwise vq->called is enabled, and
	 * the event thread does it. With on false this ends. It has ended
	 * before the device is reset.
	 */
	void (*queue_irqfd)(struct virtio_dev *dev, struct virtqueue *vq,
			    bool on);
};

struct virtio_dev {
	struct virtio_dev *next; /* in the list of all devices */
	const struct virtio_dev_ops *ops;
	virtio_state_t state;
	struct vmctx *ctx;
	char tag[40];	   /* its place and kind, for messages */
	unsigned int slot; /* the configured slot, on any bus */
	unsigned int func;
	void *softc; /* for the device */
	pthread_mutex_t mtx;

	const struct virtio_transport *transport;
	void *transport_arg;

	uint64_t features; /* features offered; those of the rings are added */
	uint64_t modern_features; /* those of them that no legacy driver is offered */
	uint64_t negotiated;
	uint8_t status;
	bool legacy;   /* its driver is from before 1.0 and has no VERSION_1 */
	bool draining; /* virtio_lock() waits until this is false */
	pthread_cond_t drained;
	unsigned int faults; /* messages so far about this driver's faults */

	unsigned int nvq;
	struct virtqueue *vqs;

	/* A device sees it as a structure, with fields of 64 bits. */
	_Alignas(8) uint8_t config[VIRTIO_CONFIG_MAX];
	uint32_t config_len;
	uint32_t config_gen; /* increases when the device changes config */
};

/* The function of a device that has no other state. */
void virtio_state_none(struct virtio_dev *dev, struct state *s);

/*
 * Adds a device to the table that -s searches. It does not compile without a
 * function that saves and loads the device.
 */
#define VIRTIO_DEVICE(ops, state)                                          \
	static const struct virtio_device virtio_device_##ops = { &ops,    \
								  state }; \
	static const struct virtio_device *const virtio_entry_##ops        \
		__attribute__((used, section("virtio_devices"))) =         \
			&virtio_device_##ops

/* An entry of that table. */
struct virtio_device {
	const struct virtio_dev_ops *ops;
	virtio_state_t state;
};

/* The device with this name, or NULL. */
const struct virtio_device *virtio_find(const char *name);

/* Prints the names of all devices on stdout, one on each line. */
void virtio_list(void);

/* For bhyvectl's commands, on the event thread. */

/*
 * Lets the disk of "-s SLOT:FUNC" grow to the size of its image, which is made
 * @size bytes long first unless that is 0, and tells the driver. 0 and the disk's
 * size in *@size; or a negative errno and *why.
 */
int virtio_grow(unsigned int slot, unsigned int func, uint64_t *size,
		const char **why);

/* For a machine that moves, on the event thread. */

/*
 * While @on, no device begins what a driver has made available. When it is false again,
 * each looks at its queues, and a back end that had to give its rings back gets them.
 */
void virtio_hold(bool on);

/* For devices */

/* Makes n queues of max_size; in init only. 0; -EINVAL after printing the error. */
int virtio_set_queues(struct virtio_dev *dev, unsigned int n,
		      uint16_t max_size);

static inline bool virtio_has(const struct virtio_dev *dev, uint64_t feature)
{
	return (dev->negotiated & feature) != 0;
}

/*
 * Whether the driver is ready, has broken no rule, and drain() is not under
 * way. A driver from before 1.0 may use the device before it sets DRIVER_OK
 * (virtio 1.2, 3.1.2).
 */
bool virtio_running(const struct virtio_dev *dev);

/* vq_get(), but a broken ring breaks the device, and returns 0. */
int virtio_get(struct virtqueue *vq, struct vq_chain *chain);

/* Returns one buffer and publishes it. virtio_signal() sends the interrupt. */
void virtio_put(struct virtqueue *vq, const struct vq_chain *chain,
		uint32_t len);

/* Lets notify() be called again, after other work. */
void virtio_come_back(struct virtqueue *vq);

/* Interrupts the driver, if it wants that for what was published. */
void virtio_signal(struct virtqueue *vq);

/*
 * The driver has broken a rule: prints it, sets DEVICE_NEEDS_RESET (virtio 1.2,
 * 2.1.2), and uses its rings no more. The VM runs on.
 */
void virtio_broken(struct virtio_dev *dev, const char *rule);

/* To be called after the device has changed dev->config. */
void virtio_config_changed(struct virtio_dev *dev);

/* For transports. These are called without the device's lock. */

/* The transport that virtio.transport asks for; die()s if it is unknown. */
enum virtio_transport_kind {
	VIRTIO_ON_PCI,
	VIRTIO_ON_MMIO,
	VIRTIO_ON_LEGACY_MMIO, /* virtio-mmio as it was before virtio 1.0 */
};
enum virtio_transport_kind virtio_transport_kind(void);

/* The arguments from which a device is made. */
struct virtio_conf {
	const struct virtio_device *device;
	struct config_node *node;
	unsigned int slot;
	unsigned int func;
	const char *where; /* its place, for messages */
	bool legacy; /* from before 1.0, until virtio_choose_interface() */
};

/*
 * Makes the device; *devp is it, or NULL, also after an error, which has been printed.
 * 0 or -EINVAL.
 */
int virtio_create(struct vmctx *ctx, const struct virtio_conf *conf,
		  struct virtio_dev **devp);

/* Closes and frees a device that has ops->close(). Event thread, as there. */
void virtio_destroy(struct virtio_dev *dev);

/*
 * Takes the device's lock; also waits while queues that another vCPU has
 * stopped are drained.
 */
void virtio_lock(struct virtio_dev *dev);
void virtio_unlock(struct virtio_dev *dev);

/* The others are called with the lock of virtio_lock() held. */

/* Bits 32 * sel to 32 * sel + 31 of the features. */
uint32_t virtio_get_features(const struct virtio_dev *dev, uint32_t sel);
void virtio_set_features(struct virtio_dev *dev, uint32_t sel, uint32_t val);

/*
 * The driver uses the legacy or the modern interface of a transitional device
 * (virtio 1.2, 1.3.1). The first use after a reset decides; later calls change
 * nothing until the next reset.
 */
void virtio_choose_interface(struct virtio_dev *dev, bool legacy);

/*
 * Starts a queue of a legacy driver. All its parts lie in one area at @gpa, and
 * the used ring begins at a multiple of @align, a power of two (virtio 1.2,
 * 2.7.2).
 */
void virtio_enable_legacy_queue(struct virtqueue *vq, uint64_t gpa,
				uint64_t align);

/*
 * Writes the status register; 0 resets the device, and waits until the reset is
 * complete.
 */
void virtio_set_status(struct virtio_dev *dev, uint8_t status);

/*
 * Saves or loads what all devices have, and the device's own state. What was
 * loaded goes on at once: buffers that the driver has made available are looked
 * for. The transport has loaded nothing of its own that depends on the device yet.
 */
void virtio_dev_state(struct virtio_dev *dev, struct state *s);

/* The queue, or NULL: there is no such queue. */
struct virtqueue *virtio_queue(struct virtio_dev *dev, uint32_t index);

/*
 * Starts a queue at the addresses that the driver has given; or stops it, and
 * waits until the device has let go of its buffers.
 */
void virtio_enable_queue(struct virtqueue *vq, bool enable);

/*
 * The driver's notification for a queue, which need not exist; the calling
 * vCPU's exit has brought it.
 */
void virtio_notify(struct virtio_dev *dev, uint32_t index);

/* A read beyond the end returns 0; a write there is ignored. */
void virtio_read_config(struct virtio_dev *dev, uint32_t off, void *buf,
			uint32_t len);
void virtio_write_config(struct virtio_dev *dev, uint32_t off, const void *buf,
			 uint32_t len);

/*
 * Makes the slots of virtio-mmio: with virtio.transport=mmio or legacy, the
 * first ones get the virtio devices of pci.*, the others are empty. At
 * start-up, once.
 */
void init_virtio_mmio(struct vmctx *ctx, const struct machine *m);

#endif /* BHYVE_VIRTIO_H */
