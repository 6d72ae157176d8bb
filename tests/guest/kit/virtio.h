/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver for virtio 1.2 on PCI (4.1) and on virtio-mmio (4.2), with split
 * rings (2.7): enough to use a device, and to misuse it.
 */
#ifndef KIT_VIRTIO_H
#define KIT_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTIO_S_ACKNOWLEDGE 1
#define VIRTIO_S_DRIVER	     2
#define VIRTIO_S_DRIVER_OK   4
#define VIRTIO_S_FEATURES_OK 8
#define VIRTIO_S_NEEDS_RESET 64

#define VIRTIO_F_INDIRECT_DESC 28
#define VIRTIO_F_VERSION_1     32
#define VIRTIO_F_RING_PACKED   34

#define VIRTIO_NET     1
#define VIRTIO_BLK     2
#define VIRTIO_CONSOLE 3
#define VIRTIO_BALLOON 5
#define VIRTIO_RNG     4

/* Registers that both transports have. */
enum virtio_reg {
	VIRTIO_DEVICE_FEATURES_SEL,
	VIRTIO_DEVICE_FEATURES,
	VIRTIO_DRIVER_FEATURES_SEL,
	VIRTIO_DRIVER_FEATURES,
	VIRTIO_STATUS,
	VIRTIO_QUEUE_SEL,
	VIRTIO_QUEUE_SIZE_MAX,
	VIRTIO_QUEUE_SIZE,
	VIRTIO_QUEUE_ENABLE,
	VIRTIO_QUEUE_DESC, /* the last three have 64 bits, in two words */
	VIRTIO_QUEUE_DRIVER = VIRTIO_QUEUE_DESC + 2,
	VIRTIO_QUEUE_DEVICE = VIRTIO_QUEUE_DRIVER + 2,
	VIRTIO_NREGS = VIRTIO_QUEUE_DEVICE + 2,
};

struct virtio {
	uint32_t type;
	uint32_t regs; /* virtio-mmio's registers, or PCI's common configuration */
	uint32_t ecam; /* configuration space on PCI; 0: virtio-mmio */
	uint32_t notify, notify_step; /* on PCI */
};

#define VQ_SIZE	      8
#define DESC_NEXT     1
#define DESC_WRITE    2
#define DESC_INDIRECT 4

struct vq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct vq_avail {
	uint16_t flags, idx, ring[VQ_SIZE], used_event;
};

struct vq_used {
	uint16_t flags, idx;
	struct {
		uint32_t id, len;
	} ring[VQ_SIZE];
	uint16_t avail_event;
};

struct vq {
	_Alignas(16) struct vq_desc desc[VQ_SIZE];
	volatile struct vq_avail avail;
	_Alignas(4) volatile struct vq_used used;
};

/* Finds up to @max devices, and assigns BARs on PCI. Returns their number. */
uint32_t virtio_find(struct virtio *devs, uint32_t max);

uint32_t virtio_read(const struct virtio *v, enum virtio_reg reg);
void virtio_write(const struct virtio *v, enum virtio_reg reg, uint32_t value);
void virtio_write64(const struct virtio *v, enum virtio_reg reg,
		    uint64_t value);

/*
 * Resets the device and goes on to FEATURES_OK, with VERSION_1 and those of
 * @features (bits 0 to 63) that it offers. False: it refuses.
 */
bool virtio_begin(const struct virtio *v, uint64_t features);

/* Gives the device queue @n, empty. */
void virtio_set_queue(const struct virtio *v, uint32_t n, struct vq *q);
void virtio_driver_ok(const struct virtio *v);
void virtio_kick(const struct virtio *v, uint32_t n);

/* Makes descriptor @head available. */
void vq_offer(struct vq *q, uint16_t head);

#endif
