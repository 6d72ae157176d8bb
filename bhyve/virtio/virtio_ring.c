/* SPDX-License-Identifier: BSD-2-Clause */
/* What split and packed virtqueues share. */
#include <errno.h>
#include <string.h>

#include "bhyve/base/state.h"
#include "bhyve/machine/mem.h"
#include "bhyve/machine/written.h"
#include "bhyve/virtio/virtio_vring.h"

int vring_fault(struct virtqueue *vq, const char *rule)
{
	vq->fault = rule;
	return -EPROTO;
}

int vq_start(struct virtqueue *vq, struct vmctx *ctx,
	     const struct vq_format *fmt)
{
	int error;

	if (vq->inflight)
		return vring_fault(vq, "queue enabled with buffers in flight");
	if (vq->size_set == 0 || vq->size_set > vq->max_size)
		return vring_fault(vq, "queue size out of range");
	vq->ctx = ctx;
	vq->size = vq->size_set;
	vq->event_idx = fmt->event_idx;
	vq->indirect = fmt->indirect;
	vq->ops = fmt->packed ? &vring_packed_ops : &vring_split_ops;
	vq->fault = NULL;
	vq->avail = vq->avail_seen = vq->used = 0;
	vq->staged = vq->since_signal = 0;
	/* Both wrap counters start at 1: virtio 1.2, 2.8.1. */
	vq->avail_wrap = vq->used_wrap = true;
	vq->kicks_off = false;
	error = vq->ops->map(vq);
	vq->ready = error == 0;
	return error;
}

/* The parts that the device writes, of a ring of either format. */
static void ring_written(const struct virtqueue *vq)
{
	const size_t entry = 16, used = 6 + 8 * (size_t)vq->size;

	if (!vq->ops)
		return;
	guest_written(vq->desc, entry * vq->size);
	guest_written(vq->device, used);
}

static void log_later(struct vq_chain *chain)
{
	chain->nlogged = 0;
	if (!written_is_logged)
		return;
	chain->nlogged = chain->nwrite;
	memcpy(chain->logged, chain->iov + chain->nread,
	       chain->nwrite * sizeof(*chain->logged));
}

static void chain_written(const struct vq_chain *chain)
{
	for (unsigned int i = 0; i < chain->nlogged; i++)
		guest_written(chain->logged[i].iov_base,
			      chain->logged[i].iov_len);
}

/* Where the device stands in the rings. */
struct vq_position {
	uint16_t size, avail, avail_seen, used, since_signal;
	bool avail_wrap, used_wrap, kicks_off, faulty;
};

static void position_state(struct vq_position *p, struct state *s)
{
	STATE_MAX(s, p, size, VQ_MAX_SIZE);
	STATE(s, p, avail);
	STATE(s, p, avail_seen);
	STATE(s, p, used);
	STATE(s, p, since_signal);
	STATE(s, p, avail_wrap);
	STATE(s, p, used_wrap);
	STATE(s, p, kicks_off);
	STATE(s, p, faulty);
}

/* A packed ring's positions are below its size; a split ring's may have any value. */
static void set_position(struct virtqueue *vq, const struct vq_position *p,
			 bool packed, struct state *s)
{
	if (packed ? p->avail >= vq->size || p->used >= vq->size :
		     (uint16_t)(p->avail_seen - p->avail) > vq->size) {
		state_fail(s, "queue %u: its position is outside of its ring",
			   vq->index);
		return;
	}
	vq->avail = p->avail;
	vq->avail_seen = p->avail_seen;
	vq->used = p->used;
	vq->since_signal = p->since_signal;
	vq->avail_wrap = p->avail_wrap;
	vq->used_wrap = p->used_wrap;
	vq->kicks_off = p->kicks_off;
	if (p->faulty)
		vq->fault = "the ring was broken before it was saved";
}

/* The driver may have set another size for the next start meanwhile. */
static void restart(struct virtqueue *vq, struct vmctx *ctx,
		    const struct vq_format *fmt, const struct vq_position *p,
		    struct state *s)
{
	uint16_t next_size = vq->size_set;

	vq->size_set = p->size;
	if (vq_start(vq, ctx, fmt))
		state_fail(s, "queue %u: %s", vq->index, vq->fault);
	else
		set_position(vq, p, fmt->packed, s);
	vq->size_set = next_size;
}

void vq_state(struct virtqueue *vq, struct vmctx *ctx,
	      const struct vq_format *fmt, struct state *s)
{
	struct vq_position p = { vq->size,	   vq->avail,
				 vq->avail_seen,   vq->used,
				 vq->since_signal, vq->avail_wrap,
				 vq->used_wrap,	   vq->kicks_off,
				 vq->fault };
	bool ready = vq->ready;

	if (vq->inflight)
		state_fail(s, "queue %u: buffers are in flight", vq->index);
	state_number(s, "ready", &ready, sizeof(ready), 1);
	STATE(s, vq, size_set);
	STATE(s, vq, desc_gpa);
	STATE(s, vq, driver_gpa);
	STATE(s, vq, device_gpa);
	position_state(&p, s);
	if (state_is_loaded(s) && ready)
		restart(vq, ctx, fmt, &p, s);
	ring_written(vq);
}

void vq_reset(struct virtqueue *vq)
{
	struct virtqueue fresh = {
		.dev = vq->dev,
		.index = vq->index,
		.max_size = vq->max_size,
		.kick_fd = vq->kick_fd,
		.kicked = vq->kicked,
		.call_fd = vq->call_fd,
		.called = vq->called,
		.size_set = vq->max_size,
	};

	ring_written(vq);
	*vq = fresh;
}

void vq_stop(struct virtqueue *vq)
{
	vq->ready = false;
	ring_written(vq);
}

int vq_get(struct virtqueue *vq, struct vq_chain *chain)
{
	int n;

	if (!vq->ready)
		return 0;
	if (vq->fault)
		return -EPROTO;
	chain->nread = chain->nwrite = 0;
	chain->bytes = 0;
	n = vq->ops->get(vq, chain);
	if (n <= 0)
		return n;
	vq->inflight += chain->nslots;
	log_later(chain);
	return n;
}

void vq_unget(struct virtqueue *vq, const struct vq_chain *chain)
{
	vq->inflight -= chain->nslots;
	vq->ops->unget(vq, chain);
}

void vq_fill(struct virtqueue *vq, const struct vq_chain *chain, uint32_t len)
{
	vq->inflight -= chain->nslots;
	vq->ops->fill(vq, chain, len);
	chain_written(chain);
}

void vq_publish(struct virtqueue *vq)
{
	if (vq->staged == 0)
		return;
	vq->ops->publish(vq);
	vq->since_signal += vq->staged;
	vq->staged = 0;
	ring_written(vq);
}

bool vq_should_signal(struct virtqueue *vq)
{
	uint16_t since = vq->since_signal;

	if (since == 0 || vq->fault)
		return false;
	vq->since_signal = 0;
	/*
	 * The used entries must be visible before the driver's event field is
	 * read, or both sides would wait for each other (virtio 1.2, 2.7.7.2;
	 * tests/litmus/ask-then-look.litmus).
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return vq->ops->should_signal(vq, since);
}

void vq_disable_kick(struct virtqueue *vq)
{
	if (!vq->ready || vq->kicks_off)
		return;
	vq->kicks_off = true;
	vq->ops->disable_kick(vq);
}

bool vq_enable_kick(struct virtqueue *vq)
{
	if (!vq->ready || vq->fault)
		return false;
	vq->kicks_off = false;
	return vq->ops->enable_kick(vq);
}

int vring_add_seg(struct virtqueue *vq, struct vq_chain *chain,
		  const struct vring_seg *seg)
{
	unsigned int n = chain->nread + chain->nwrite;
	void *p;

	if (n == VQ_MAX_SIZE || n == vq->size)
		return vring_fault(vq, "chain longer than the queue");
	if (seg->len == 0)
		return vring_fault(vq, "descriptor of length 0");
	p = vm_map_gpa(vq->ctx, seg->addr, seg->len);
	if (!p)
		return vring_fault(vq, "buffer outside of memory");
	chain->bytes += seg->len;
	if (chain->bytes > VQ_MAX_BYTES)
		return vring_fault(vq, "chain of more than 1 GiB");
	if (seg->flags & VRING_DESC_F_WRITE)
		chain->nwrite++;
	else if (chain->nwrite)
		return vring_fault(vq, "readable buffer after a writable one");
	else
		chain->nread++;
	chain->iov[n].iov_base = p;
	chain->iov[n].iov_len = seg->len;
	return 0;
}

const void *vring_map_indirect(struct virtqueue *vq,
			       const struct vring_seg *seg, uint32_t *n)
{
	const uint32_t entry = 16;
	const void *table;

	if (!vq->indirect)
		vring_fault(vq, "indirect descriptor was not negotiated");
	else if (seg->len == 0 || seg->len % entry)
		vring_fault(vq, "indirect table of a bad length");
	else if (seg->len / entry > vq->size)
		vring_fault(vq, "indirect table longer than the queue");
	if (vq->fault)
		return NULL;
	table = vm_map_gpa(vq->ctx, seg->addr, seg->len);
	if (!table)
		vring_fault(vq, "indirect table outside of memory");
	*n = seg->len / entry;
	return table;
}

static uint64_t iov_bytes(const struct iovec *iov, unsigned int n)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		sum += iov[i].iov_len;
	return sum;
}

uint64_t vq_chain_readable(const struct vq_chain *chain)
{
	return iov_bytes(chain->iov, chain->nread);
}

uint64_t vq_chain_writable(const struct vq_chain *chain)
{
	return iov_bytes(chain->iov + chain->nread, chain->nwrite);
}

int iov_slice(const struct iovec *iov, unsigned int n, size_t off, size_t len,
	      struct iovec *out)
{
	unsigned int i;
	int cnt = 0;

	for (i = 0; i < n && len; i++) {
		size_t left;

		if (off >= iov[i].iov_len) {
			off -= iov[i].iov_len;
			continue;
		}
		left = iov[i].iov_len - off;
		if (left > len)
			left = len;
		out[cnt].iov_base = (char *)iov[i].iov_base + off;
		out[cnt++].iov_len = left;
		len -= left;
		off = 0;
	}
	return cnt;
}

size_t vq_chain_get(const struct vq_chain *chain, size_t off, void *buf,
		    size_t len)
{
	struct iovec part[VQ_MAX_SIZE];
	size_t done = 0;
	int i, n;

	n = iov_slice(chain->iov, chain->nread, off, len, part);
	for (i = 0; i < n; i++) {
		memcpy((char *)buf + done, part[i].iov_base, part[i].iov_len);
		done += part[i].iov_len;
	}
	return done;
}

size_t vq_chain_put(const struct vq_chain *chain, size_t off, const void *buf,
		    size_t len)
{
	struct iovec part[VQ_MAX_SIZE];
	size_t done = 0;
	int i, n;

	n = iov_slice(chain->iov + chain->nread, chain->nwrite, off, len, part);
	for (i = 0; i < n; i++) {
		memcpy(part[i].iov_base, (const char *)buf + done,
		       part[i].iov_len);
		done += part[i].iov_len;
	}
	return done;
}
