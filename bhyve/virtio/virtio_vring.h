/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two ring formats share, and what each must provide. Only
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
#define VRING_DESC_F_NEXT     (1u << 0)
#define VRING_DESC_F_WRITE    (1u << 1)
#define VRING_DESC_F_INDIRECT (1u << 2)

/* A descriptor of either format's table. */
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

/* Records the broken rule, and returns -EPROTO. */
int vring_fault(struct virtqueue *vq, const char *rule);

/* Appends a data segment to the chain. 0 or -EPROTO. */
int vring_add_seg(struct virtqueue *vq, struct vq_chain *chain,
		  const struct vring_seg *seg);

/*
 * Maps an indirect table (virtio 1.2, 2.7.5.3, 2.8.7); *n is its number of
 * entries. NULL, with the fault recorded: it is not valid.
 */
const void *vring_map_indirect(struct virtqueue *vq,
			       const struct vring_seg *seg, uint32_t *n);

/*
 * Copies from memory that the driver may be writing. The barrier keeps the
 * compiler from reading the original again. A volatile access would not do,
 * because an indirect table may be at an odd address.
 */
static inline void vring_load(void *to, const void *from, size_t len)
{
	memcpy(to, from, len);
	__asm__ volatile("" ::: "memory");
}

/* virtio 1.2, 2.7.10: whether going from old to new passes event. */
static inline bool vring_need_event(uint16_t event, uint16_t new, uint16_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

#endif /* BHYVE_VIRTIO_VRING_H */
