/* SPDX-License-Identifier: BSD-2-Clause */
/* Split virtqueues (virtio 1.2, 2.7). */
#include <errno.h>

#include "bhyve/machine/mem.h"
#include "bhyve/virtio/virtio_vring.h"

/* 2.7.5: the descriptor table. */
struct split_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

/* 2.7.6: the available ring; used_event follows ring[size]. */
struct split_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[];
};

#define AVAIL_F_NO_INTERRUPT 1

/* 2.7.8: the used ring; avail_event follows ring[size]. */
struct split_used {
	uint16_t flags;
	uint16_t idx;
	struct {
		uint32_t id;
		uint32_t len;
	} ring[];
};

#define USED_F_NO_NOTIFY 1

static int split_map(struct virtqueue *vq)
{
	uint32_t n = vq->size;

	if (n & (n - 1))
		return vring_fault(vq, "queue size is no power of two");
	/* Alignments (2.7). */
	if (vq->desc_gpa % 16 || vq->driver_gpa % 2 || vq->device_gpa % 4)
		return vring_fault(vq, "ring is misaligned");
	vq->desc = vm_map_gpa(vq->ctx, vq->desc_gpa,
			      n * sizeof(struct split_desc));
	vq->driver = vm_map_gpa(vq->ctx, vq->driver_gpa, 6 + 2 * n);
	vq->device = vm_map_gpa(vq->ctx, vq->device_gpa, 6 + 8 * n);
	if (!vq->desc || !vq->driver || !vq->device)
		return vring_fault(vq, "ring outside of memory");
	return 0;
}

static void split_load(const void *table, uint32_t i, struct vring_seg *seg)
{
	struct split_desc d;

	vring_load(&d, (const char *)table + i * sizeof(d), sizeof(d));
	seg->addr = d.addr;
	seg->len = d.len;
	seg->flags = d.flags;
	seg->next_or_id = d.next;
}

/*
 * Follows a chain through a table of n descriptors. It may visit each once; a
 * longer chain has a loop. In the queue's own table *seg may turn out to be an
 * indirect descriptor, which ends the walk (2.7.5.3.1).
 */
static int split_walk(struct virtqueue *vq, const void *table, uint32_t n,
		      struct vq_chain *chain, struct vring_seg *seg)
{
	uint32_t left;
	int error;

	for (left = n; left; left--) {
		if (seg->flags & VRING_DESC_F_INDIRECT)
			return 0;
		error = vring_add_seg(vq, chain, seg);
		if (error || !(seg->flags & VRING_DESC_F_NEXT))
			return error;
		if (seg->next_or_id >= n)
			return vring_fault(vq, "descriptor index too large");
		split_load(table, seg->next_or_id, seg);
	}
	return vring_fault(vq, "descriptor chain loops");
}

static int split_chain(struct virtqueue *vq, uint16_t head,
		       struct vq_chain *chain)
{
	const void *table;
	struct vring_seg seg;
	uint32_t n;
	int error;

	split_load(vq->desc, head, &seg);
	error = split_walk(vq, vq->desc, vq->size, chain, &seg);
	if (error || !(seg.flags & VRING_DESC_F_INDIRECT))
		return error;
	if (seg.flags & VRING_DESC_F_NEXT)
		return vring_fault(vq, "indirect descriptor with a successor");
	table = vring_map_indirect(vq, &seg, &n);
	if (!table)
		return -EPROTO;
	split_load(table, 0, &seg);
	error = split_walk(vq, table, n, chain, &seg);
	if (!error && (seg.flags & VRING_DESC_F_INDIRECT))
		return vring_fault(vq, "indirect table within another");
	return error;
}

static int split_look(struct virtqueue *vq)
{
	const struct split_avail *avail = vq->driver;
	uint16_t idx = __atomic_load_n(&avail->idx, __ATOMIC_ACQUIRE);

	/* An index that has gone backwards looks like one far ahead. */
	if ((uint16_t)(idx - vq->avail) > vq->size)
		return vring_fault(vq, "available index jumped");
	vq->avail_seen = idx;
	return 0;
}

static void ask_for_kick(struct virtqueue *vq)
{
	struct split_used *used = vq->device;
	volatile uint16_t *avail_event = (void *)&used->ring[vq->size];

	if (vq->event_idx)
		*avail_event = vq->avail;
	else
		*(volatile uint16_t *)&used->flags = 0;
	/*
	 * Ask for notifications first, then look: a buffer that was added
	 * meanwhile is seen (tests/litmus/ask-then-look.litmus).
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/*
 * While notifications are wanted, avail_event has to follow: otherwise the
 * driver sends none after its first buffer.
 */
static int split_look_and_ask(struct virtqueue *vq)
{
	int error = split_look(vq);

	if (error || vq->avail != vq->avail_seen || !vq->event_idx ||
	    vq->kicks_off)
		return error;
	ask_for_kick(vq);
	return split_look(vq);
}

static int split_get(struct virtqueue *vq, struct vq_chain *chain)
{
	const struct split_avail *avail = vq->driver;
	uint16_t head;
	int error;

	if (vq->avail == vq->avail_seen) {
		error = split_look_and_ask(vq);
		if (error)
			return error;
	}
	if (vq->avail == vq->avail_seen)
		return 0;
	if (vq->inflight >= vq->size)
		return vring_fault(vq, "more buffers than the queue holds");
	head = *(const volatile uint16_t *)&avail->ring[vq->avail % vq->size];
	if (head >= vq->size)
		return vring_fault(vq, "head index too large");
	chain->id = head;
	chain->nslots = 1;
	error = split_chain(vq, head, chain);
	if (error)
		return error;
	vq->avail++;
	return 1;
}

static void split_unget(struct virtqueue *vq, const struct vq_chain *chain)
{
	vq->avail -= chain->nslots;
}

static void split_fill(struct virtqueue *vq, const struct vq_chain *chain,
		       uint32_t len)
{
	struct split_used *used = vq->device;
	uint16_t at = (uint16_t)(vq->used + vq->staged) % vq->size;

	used->ring[at].id = chain->id;
	used->ring[at].len = len;
	vq->staged++;
}

static void split_publish(struct virtqueue *vq)
{
	struct split_used *used = vq->device;

	vq->used += vq->staged;
	/*
	 * A driver that sees idx also sees the used entries:
	 * tests/litmus/message.litmus.
	 */
	__atomic_store_n(&used->idx, vq->used, __ATOMIC_RELEASE);
}

static bool split_should_signal(struct virtqueue *vq, uint16_t since)
{
	const struct split_avail *avail = vq->driver;
	const volatile uint16_t *used_event = &avail->ring[vq->size];

	if (vq->event_idx)
		return vring_need_event(*used_event, vq->used,
					vq->used - since);
	return !(*(const volatile uint16_t *)&avail->flags &
		 AVAIL_F_NO_INTERRUPT);
}

static void split_disable_kick(struct virtqueue *vq)
{
	struct split_used *used = vq->device;

	/*
	 * With event indices the old avail_event keeps the driver quiet
	 * already.
	 */
	if (!vq->event_idx)
		*(volatile uint16_t *)&used->flags = USED_F_NO_NOTIFY;
}

static bool split_enable_kick(struct virtqueue *vq)
{
	ask_for_kick(vq);
	return split_look(vq) || vq->avail != vq->avail_seen;
}

const struct vring_ops vring_split_ops = {
	.map = split_map,
	.get = split_get,
	.unget = split_unget,
	.fill = split_fill,
	.publish = split_publish,
	.should_signal = split_should_signal,
	.disable_kick = split_disable_kick,
	.enable_kick = split_enable_kick,
};
