/* SPDX-License-Identifier: BSD-2-Clause */
/* Written from virtio 1.2, 2.7 and 2.8, and shares no code with bhyve/. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bhyve/machine/mem.h"
#include "lib/vmmapi.h"
#include "tests/unit/virtio_driver.h"

static _Alignas(4096) uint8_t ram[GUEST_RAM_SIZE];

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	if (len == 0 || gpa < GUEST_RAM || gpa >= GUEST_RAM + GUEST_RAM_SIZE ||
	    len > GUEST_RAM + GUEST_RAM_SIZE - gpa)
		return NULL;
	return ram + (gpa - GUEST_RAM);
}

static int ram_fd = -1;

int vm_get_memory(struct vmctx *ctx, unsigned int i, struct vm_memory *m)
{
	(void)ctx;
	*m = (struct vm_memory){ GUEST_RAM, sizeof(ram), ram, ram_fd };
	return i ? -ENOENT : 0;
}

void guest_share(void)
{
	ram_fd = memfd_create("guest", MFD_CLOEXEC);
	if (ram_fd < 0 || ftruncate(ram_fd, sizeof(ram)) ||
	    mmap(ram, sizeof(ram), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, ram_fd, 0) == MAP_FAILED)
		abort();
}

void *guest(uint64_t gpa)
{
	void *p = vm_map_gpa(NULL, gpa, 1);

	if (!p)
		abort();
	return p;
}

void guest_clear(void)
{
	/* Fresh pages, in place of those that were touched. */
	if (madvise(ram, sizeof(ram), ram_fd < 0 ? MADV_DONTNEED : MADV_REMOVE))
		abort();
}

static void put(uint64_t gpa, uint64_t val, unsigned int bytes)
{
	memcpy(guest(gpa), &val, bytes);
}

static uint32_t get(uint64_t gpa, unsigned int bytes)
{
	uint32_t val = 0;

	memcpy(&val, guest(gpa), bytes);
	return val;
}

void drv_init(struct driver *d, bool packed, uint16_t size, uint64_t base)
{
	memset(d, 0, sizeof(*d));
	d->packed = packed;
	d->size = size;
	d->base = base;
	d->driver = base + DRV_DRIVER - DRV_DESC;
	d->device = base + DRV_DEVICE - DRV_DESC;
	d->avail_wrap = d->used_wrap = true;
	memset(guest(base), 0, DRV_TABLE - DRV_DESC);
}

/* 2.7.2, with the used ring on a page of its own. */
void drv_init_legacy(struct driver *d, uint16_t size, uint64_t base)
{
	drv_init(d, false, size, base);
	d->driver = base + 16 * size;
	d->device = (d->driver + 6 + 2 * size + 4095) & ~4095ull;
}

/* Both formats: address, length, two 16-bit words. */
static void put_desc(uint64_t at, const struct seg *s, uint16_t w12,
		     uint16_t w14)
{
	put(at, s->gpa, 8);
	put(at + 8, s->len, 4);
	put(at + 12, w12, 2);
	put(at + 14, w14, 2);
}

static void split_expose(struct driver *d, uint16_t head)
{
	uint64_t avail = d->driver;

	put(avail + 4 + 2 * (d->avail % d->size), head, 2);
	d->avail++;
	put(avail + 2, d->avail, 2);
}

static uint16_t split_add(struct driver *d, const struct seg *segs,
			  unsigned int n, uint16_t extra)
{
	uint16_t head = d->next_free, at = head, next, flags;
	unsigned int i;

	for (i = 0; i < n; i++) {
		next = (at + 1) % d->size;
		flags = extra | (segs[i].write ? 2 : 0) | (i + 1 < n ? 1 : 0);
		put_desc(d->base + 16 * at, &segs[i], flags, next);
		at = next;
	}
	d->next_free = at;
	split_expose(d, head);
	return head;
}

/* The first descriptor's flags are written last (2.8.21). */
static uint16_t packed_add(struct driver *d, const struct seg *segs,
			   unsigned int n, uint16_t extra)
{
	uint16_t id = d->avail, first = d->avail, first_flags = 0, flags;
	unsigned int i;

	d->slots[id] = n;
	for (i = 0; i < n; i++) {
		flags = extra | (segs[i].write ? 2 : 0) | (i + 1 < n ? 1 : 0);
		flags |= d->avail_wrap ? 0x80 : 0x8000;
		if (i == 0)
			first_flags = flags;
		put(d->base + 16 * d->avail, segs[i].gpa, 8);
		put(d->base + 16 * d->avail + 8, segs[i].len, 4);
		put(d->base + 16 * d->avail + 12, id, 2);
		if (i)
			put(d->base + 16 * d->avail + 14, flags, 2);
		if (++d->avail == d->size) {
			d->avail = 0;
			d->avail_wrap = !d->avail_wrap;
		}
	}
	put(d->base + 16 * first + 14, first_flags, 2);
	return id;
}

uint16_t drv_add(struct driver *d, const struct seg *segs, unsigned int n)
{
	return d->packed ? packed_add(d, segs, n, 0) : split_add(d, segs, n, 0);
}

uint16_t drv_add_indirect(struct driver *d, const struct seg *segs,
			  unsigned int n, uint64_t table)
{
	struct seg whole = { table, 16 * n, false };
	unsigned int i;
	uint16_t flags;

	for (i = 0; i < n; i++) {
		flags = segs[i].write ? 2 : 0;
		if (d->packed)
			put_desc(table + 16 * i, &segs[i], 0, flags);
		else
			put_desc(table + 16 * i, &segs[i],
				 flags | (i + 1 < n ? 1 : 0), i + 1);
	}
	return d->packed ? packed_add(d, &whole, 1, 4) :
			   split_add(d, &whole, 1, 4);
}

static bool split_used(struct driver *d, uint16_t *id, uint32_t *len)
{
	uint64_t used = d->device;
	uint64_t at = used + 4 + 8 * (d->used % d->size);

	if (get(used + 2, 2) == d->used)
		return false;
	*id = get(at, 4);
	*len = get(at + 4, 4);
	d->used++;
	return true;
}

static bool packed_used(struct driver *d, uint16_t *id, uint32_t *len)
{
	uint64_t at = d->base + 16 * d->used;
	uint32_t flags = get(at + 14, 2);

	if (!!(flags & 0x80) != d->used_wrap ||
	    !!(flags & 0x8000) != d->used_wrap)
		return false;
	*id = get(at + 12, 2);
	*len = get(at + 8, 4);
	/* A broken device may return any id. */
	d->used += *id < 256 ? d->slots[*id] : 1;
	if (d->used >= d->size) {
		d->used -= d->size;
		d->used_wrap = !d->used_wrap;
	}
	return true;
}

bool drv_used(struct driver *d, uint16_t *id, uint32_t *len)
{
	return d->packed ? packed_used(d, id, len) : split_used(d, id, len);
}
