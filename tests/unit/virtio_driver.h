/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests of devices: a guest's memory, and the driver's side of a virtqueue
 * in both formats, as a correct guest uses it. A test that misbehaves writes to
 * the rings itself.
 */
#ifndef TESTS_UNIT_VIRTIO_DRIVER_H
#define TESTS_UNIT_VIRTIO_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#define GUEST_RAM 0x40000000u
/* Large enough that a chain as long as a queue can add up to 4 GiB. */
#define GUEST_RAM_SIZE 0x2000000u

/* Where a driver puts its rings and tables; buffers go above. */
#define DRV_DESC       (GUEST_RAM + 0x0000)
#define DRV_DRIVER     (GUEST_RAM + 0x2000)
#define DRV_DEVICE     (GUEST_RAM + 0x3000)
#define DRV_TABLE      (GUEST_RAM + 0x4000)
#define DRV_BUFFERS    (GUEST_RAM + 0x10000)
#define DRV_RINGS_SIZE 0x8000 /* a second queue's rings are this much higher */

/* A pointer to guest memory; aborts if gpa is not in it. */
void *guest(uint64_t gpa);

/* Makes all of it zero. */
void guest_clear(void);

/* Makes it memory that another process can map, for the rest of the program. */
void guest_share(void);

struct seg {
	uint64_t gpa;
	uint32_t len;
	bool write;
};

struct driver {
	bool packed;
	uint16_t size;
	uint64_t base;		 /* DRV_DESC for the first queue */
	uint64_t driver, device; /* available and used ring */
	uint16_t avail;
	uint16_t used;
	bool avail_wrap;
	bool used_wrap;
	uint16_t next_free;  /* split: descriptors are used in turn */
	uint16_t slots[256]; /* packed: number of entries of a buffer, by id */
};

void drv_init(struct driver *d, bool packed, uint16_t size, uint64_t base);

/* A ring as before virtio 1.0, in one area; up to 256 descriptors. */
void drv_init_legacy(struct driver *d, uint16_t size, uint64_t base);

/* Makes a buffer available; returns its id. */
uint16_t drv_add(struct driver *d, const struct seg *segs, unsigned int n);

/* The same, with an indirect table at gpa. */
uint16_t drv_add_indirect(struct driver *d, const struct seg *segs,
			  unsigned int n, uint64_t table);

/* Takes a used buffer; false: there is none. */
bool drv_used(struct driver *d, uint16_t *id, uint32_t *len);

#endif /* TESTS_UNIT_VIRTIO_DRIVER_H */
