/* SPDX-License-Identifier: BSD-2-Clause */
/* Packed virtqueues (virtio 1.2, 2.8). */
#include <errno.h>

#include "bhyve/machine/mem.h"
#include "bhyve/virtio/virtio_vring.h"

/* 2.8.13: the descriptor ring. */
struct packed_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t id;
	uint16_t flags;
};

#define PACKED_F_AVAIL (1u << 7)
#define PACKED_F_USED  (1u << 15)

/* 2.8.14: an event suppression area. */
struct packed_event {
	uint16_t off_wrap;
	uint16_t flags;
};

#define EVENT_F_ENABLE	0
#define EVENT_F_DISABLE 1
#define EVENT_F_DESC	2
#define EVENT_WRAP	(1u << 15)

static int packed_map(struct virtqueue *vq)
{
	uint32_t n = vq->size;

	if (vq->desc_gpa % 16 || vq->driver_gpa % 4 || vq->device_gpa % 4)
		return vring_fault(vq, "ring is misaligned");
	vq->desc = vm_map_gpa(vq->ctx, vq->desc_gpa,
			      n * sizeof(struct packed_desc));
	vq->driver = vm_map_gpa(vq->ctx, vq->driver_gpa,
				sizeof(struct packed_event));
	vq->device = vm_map_gpa(vq->ctx, vq->device_gpa,
				sizeof(struct packed_event));
	if (!vq->desc || !vq->driver || !vq->device)
		return vring_fault(vq, "ring outside of memory");
	return 0;
}

static void packed_load(const void *table, uint32_t i, struct vring_seg *seg)
{
	struct packed_desc d;

	vring_load(&d, (const char *)table + i * sizeof(d), sizeof(d));
	seg->addr = d.addr;
	seg->len = d.len;
	seg->next_or_id = d.id;
	seg->flags = d.flags;
}

/*
 * In an indirect table only the flag WRITE has a meaning; the order is the
 * table's (2.8.7).
 */
static int packed_indirect(struct virtqueue *vq, const struct vring_seg *ind,
			   struct vq_chain *chain)
{
	const void *table;
	struct vring_seg seg;
	uint32_t i, n;
	int error;

	if (ind->flags & VRING_DESC_F_NEXT)
		return vring_fault(vq, "indirect descriptor with a successor");
	table = vring_map_indirect(vq, ind, &n);
	if (!table)
		return -EPROTO;
	for (i = 0; i < n; i++) {
		packed_load(table, i, &seg);
		error = vring_add_seg(vq, chain, &seg);
		if (error)
			return error;
	}
	return 0;
}

static int packed_chain(struct virtqueue *vq, uint16_t flags,
			struct vq_chain *chain)
{
	struct vring_seg seg;
	uint32_t at = vq->avail;
	int error;

	chain->nslots = 0;
	packed_load(vq->desc, at, &seg);
	/*
	 * The flags are not read again: these are the ones that made the buffer
	 * available.
	 */
	seg.flags = flags;
	for (;;) {
		chain->nslots++;
		if (seg.flags & VRING_DESC_F_INDIRECT)
			error = packed_indirect(vq, &seg, chain);
		else
			error = vring_add_seg(vq, chain, &seg);
		if (error)
			return error;
		if (!(seg.flags & VRING_DESC_F_NEXT))
			break;
		if (vq->inflight + chain->nslots >= vq->size)
			return vring_fault(vq, "chain longer than the queue");
		at = (at + 1) % vq->size;
		packed_load(vq->desc, at, &seg);
	}
	/* The last descriptor of a buffer has its id (2.8.6). */
	chain->id = seg.next_or_id;
	return 0;
}

/* Available: AVAIL equals our wrap counter and USED does not (2.8.1). */
static bool packed_available(struct virtqueue *vq, uint16_t *flags)
{
	const struct packed_desc *ring = vq->desc;

	*flags = __atomic_load_n(&ring[vq->avail].flags, __ATOMIC_ACQUIRE);
	return !!(*flags & PACKED_F_AVAIL) == vq->avail_wrap &&
	       !!(*flags & PACKED_F_USED) != vq->avail_wrap;
}

static int packed_get(struct virtqueue *vq, struct vq_chain *chain)
{
	uint16_t flags;
	int error;

	/* A full ring has nothing new: the buffer at its head is in flight. */
	if (vq->inflight >= vq->size || !packed_available(vq, &flags))
		return 0;
	error = packed_chain(vq, flags, chain);
	if (error)
		return error;
	vq->avail += chain->nslots;
	if (vq->avail >= vq->size) {
		vq->avail -= vq->size;
		vq->avail_wrap = !vq->avail_wrap;
	}
	return 1;
}

static void packed_unget(struct virtqueue *vq, const struct vq_chain *chain)
{
	if (vq->avail < chain->nslots) {
		vq->avail += vq->size;
		vq->avail_wrap = !vq->avail_wrap;
	}
	vq->avail -= chain->nslots;
}

/*
 * The flags of the first entry are written last: a driver that sees them may
 * read the entries that follow (tests/litmus/message.litmus).
 */
static void packed_fill(struct virtqueue *vq, const struct vq_chain *chain,
			uint32_t len)
{
	struct packed_desc *d = (struct packed_desc *)vq->desc + vq->used;
	uint16_t flags = 0;

	if (vq->used_wrap)
		flags = PACKED_F_AVAIL | PACKED_F_USED;
	if (len)
		flags |= VRING_DESC_F_WRITE;
	d->id = chain->id;
	d->len = len;
	if (vq->staged == 0) {
		vq->used_first = vq->used;
		vq->used_first_flags = flags;
	} else {
		__atomic_store_n(&d->flags, flags, __ATOMIC_RELEASE);
	}
	vq->staged += chain->nslots;
	vq->used += chain->nslots;
	if (vq->used >= vq->size) {
		vq->used -= vq->size;
		vq->used_wrap = !vq->used_wrap;
	}
}

static void packed_publish(struct virtqueue *vq)
{
	struct packed_desc *ring = vq->desc;

	__atomic_store_n(&ring[vq->used_first].flags, vq->used_first_flags,
			 __ATOMIC_RELEASE);
}

static bool packed_should_signal(struct virtqueue *vq, uint16_t since)
{
	const volatile struct packed_event *ev = vq->driver;
	uint16_t flags = ev->flags, off_wrap, off;

	if (flags == EVENT_F_DISABLE)
		return false;
	if (flags != EVENT_F_DESC || !vq->event_idx)
		return true;
	/* off_wrap is read after the flags, which say whether it is valid. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	off_wrap = ev->off_wrap;
	off = off_wrap & ~EVENT_WRAP;
	/* A position of the previous lap is one ring's length behind. */
	if (!!(off_wrap & EVENT_WRAP) != vq->used_wrap)
		off -= vq->size;
	return vring_need_event(off, vq->used, vq->used - since);
}

static void packed_disable_kick(struct virtqueue *vq)
{
	volatile struct packed_event *ev = vq->device;

	ev->flags = EVENT_F_DISABLE;
}

static bool packed_enable_kick(struct virtqueue *vq)
{
	volatile struct packed_event *ev = vq->device;
	uint16_t flags;

	if (vq->event_idx) {
		ev->off_wrap = vq->avail | (vq->avail_wrap ? EVENT_WRAP : 0);
		__atomic_thread_fence(__ATOMIC_RELEASE);
		ev->flags = EVENT_F_DESC;
	} else {
		ev->flags = EVENT_F_ENABLE;
	}
	/*
	 * Ask for notifications first, then look: a buffer that was added
	 * meanwhile is seen (tests/litmus/ask-then-look.litmus).
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return vq->inflight < vq->size && packed_available(vq, &flags);
}

const struct vring_ops vring_packed_ops = {
	.map = packed_map,
	.get = packed_get,
	.unget = packed_unget,
	.fill = packed_fill,
	.publish = packed_publish,
	.should_signal = packed_should_signal,
	.disable_kick = packed_disable_kick,
	.enable_kick = packed_enable_kick,
};
