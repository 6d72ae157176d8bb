/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two ring formats share, and what each must provide. Only the
 * virtio_ring.c, virtio_split.c and virtio_packed.c include it.
 */
#ifndef BHYVE_VIRTIO_VRING_H
#define BHYVE_VIRTIO_VRING_H

#include <string.h>

#include "bhyve/virtio/virtio_ring.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "rings are little-endian and so must the host be"
#endif

/* virtio 1.2, 2.7.5 and 2.8.6: the same values in both formats. */
#define VRING_DESC_F_NEXT	(1u << 0)
#define VRING_DESC_F_WRITE	(1u << 1)
#define VRING_DESC_F_INDIRECT	(1u << 2)

/* A descriptor as both formats' tables mean it. */
struct vring_seg {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next_or_id;
};

struct vring_ops {
	int (*map)(struct virtqueue *vq);
	int (*get)(struct virtqueue *vq, struct vq_chain *chain);
	void (*unget)(struct virtqueue *vq, const struct vq_chain *chain);
	void (*fill)(struct virtqueue *vq, const struct vq_chain *chain,
		     uint32_t len);
	void (*publish)(struct virtqueue *vq);
	bool (*should_signal)(struct virtqueue *vq, uint16_t since);
	void (*disable_kick)(struct virtqueue *vq);
	bool (*enable_kick)(struct virtqueue *vq);
};

extern const struct vring_ops vring_split_ops;
extern const struct vring_ops vring_packed_ops;

/* Record the rule that was broken; returns -EPROTO. */
int vring_fault(struct virtqueue *vq, const char *rule);

/* Append a data segment to the chain; 0 or -EPROTO. */
int vring_add_seg(struct virtqueue *vq, struct vq_chain *chain,
		  const struct vring_seg *seg);

/*
 * Map an indirect table (virtio 1.2, 2.7.5.3, 2.8.7) and say in *n how many
 * entries it has. NULL, with the fault recorded, if it is not a sound one.
 */
const void *vring_map_indirect(struct virtqueue *vq,
			       const struct vring_seg *seg, uint32_t *n);

/*
 * Copy from memory that the driver may be writing. The barrier keeps the
 * compiler from going back to the original; unlike a volatile access it bears
 * tables at odd addresses, which indirect ones may have.
 */
static inline void vring_load(void *to, const void *from, size_t len)
{
	memcpy(to, from, len);
	__asm__ volatile("" ::: "memory");
}

/* virtio 1.2, 2.7.10: does passing from old to new step over event? */
static inline bool vring_need_event(uint16_t event, uint16_t new, uint16_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

#endif /* BHYVE_VIRTIO_VRING_H */
