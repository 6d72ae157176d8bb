/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests of devices: a guest's memory, and the driver's side of a
 * virtqueue in both formats, as a correct guest would behave. A test that
 * wants to misbehave writes to the rings itself.
 */
#ifndef TESTS_UNIT_VIRTIO_DRIVER_H
#define TESTS_UNIT_VIRTIO_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#define GUEST_RAM	0x40000000u
/* Large enough that a chain of one queue's length can add up to 4 GiB. */
#define GUEST_RAM_SIZE	0x2000000u

/* Where a driver puts its rings and tables; buffers go above. */
#define DRV_DESC	(GUEST_RAM + 0x0000)
#define DRV_DRIVER	(GUEST_RAM + 0x2000)
#define DRV_DEVICE	(GUEST_RAM + 0x3000)
#define DRV_TABLE	(GUEST_RAM + 0x4000)
#define DRV_BUFFERS	(GUEST_RAM + 0x10000)
#define DRV_RINGS_SIZE	0x8000 /* of a second queue: that much above */

/* A pointer to guest memory; aborts if it is not. */
void *guest(uint64_t gpa);

/* All zero again. */
void guest_clear(void);

struct seg {
	uint64_t gpa;
	uint32_t len;
	bool write;
};

struct driver {
	bool packed;
	uint16_t size;
	uint64_t base; /* DRV_DESC for the first queue */
	uint64_t driver, device; /* available and used ring */
	uint16_t avail;
	uint16_t used;
	bool avail_wrap;
	bool used_wrap;
	uint16_t next_free; /* split: descriptors are handed out in a ring */
	uint16_t slots[256]; /* packed: places of a buffer by id */
};

void drv_init(struct driver *d, bool packed, uint16_t size, uint64_t base);

/* As before virtio 1.0: one area. Up to 128 descriptors. */
void drv_init_legacy(struct driver *d, uint16_t size, uint64_t base);

/* Make a buffer available; returns its id. */
uint16_t drv_add(struct driver *d, const struct seg *segs, unsigned int n);

/* The same through an indirect table at gpa. */
uint16_t drv_add_indirect(struct driver *d, const struct seg *segs,
			  unsigned int n, uint64_t table);

/* Take a used buffer. False if there is none. */
bool drv_used(struct driver *d, uint16_t *id, uint32_t *len);

#endif /* TESTS_UNIT_VIRTIO_DRIVER_H */
