/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtqueues, the device's side: virtio 1.2, 2.7 (split) and 2.8 (packed).
 *
 * The driver owns the memory that rings live in and writes it at any moment.
 * So: every word of a ring is loaded once, into a local, and judged there;
 * every address goes through vm_map_gpa(); and a ring that breaks a rule is
 * never repaired: the call returns -EPROTO, vq->fault says which rule, and
 * nothing more is taken from that queue until it is set up anew.
 *
 * None of these functions locks: the device's lock (virtio.h) is held.
 */
#ifndef BHYVE_VIRTIO_RING_H
#define BHYVE_VIRTIO_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct virtio_dev;
struct vmctx;
struct vring_ops;

/* The largest queue any device here offers; bounds a chain's segments too:
 * a chain must not be longer than its queue (virtio 1.2, 2.7.5.1). */
#define VQ_MAX_SIZE 256

/*
 * The longest chain, in bytes. Its segments may all be the same memory, so a
 * small guest can offer more than the host can count in a size_t; nothing that
 * a driver does in earnest comes near this.
 */
#define VQ_MAX_BYTES (1u << 30)

/*
 * One buffer, as the driver made it available: nread segments that the device
 * reads, then nwrite that it writes. The segments point into guest memory,
 * which stays the driver's to scribble on: copy out what is to be judged.
 */
struct vq_chain {
	uint16_t id; /* what the used ring will name */
	uint16_t nslots; /* places it took in the ring */
	unsigned int nread;
	unsigned int nwrite;
	uint64_t bytes; /* of all segments; up to VQ_MAX_BYTES */
	struct iovec iov[VQ_MAX_SIZE];
};

struct virtqueue {
	struct virtio_dev *dev;
	uint16_t index;
	uint16_t max_size; /* what the device offers */
	int kick_fd; /* eventfd: its signals are notifications; -1: none */
	bool ready;

	/* What the driver configured; 2.7: descriptor table, available ring,
	 * used ring. 2.8: descriptor ring, driver and device event area. It
	 * may change while the queue runs and counts at the next start. */
	uint16_t size_set;
	uint64_t desc_gpa;
	uint64_t driver_gpa;
	uint64_t device_gpa;

	/* The queue as it runs. */
	const struct vring_ops *ops;
	struct vmctx *ctx;
	uint16_t size;
	bool event_idx;
	bool indirect;
	void *desc;
	void *driver;
	void *device;
	const char *fault; /* NULL: sound */

	uint16_t avail; /* the next place to take a buffer from */
	uint16_t avail_seen; /* split: available index last read */
	uint16_t used; /* the next place to return a buffer to */
	uint16_t used_first; /* packed: first place not yet published */
	uint16_t used_first_flags; /* packed: flags to publish there */
	uint16_t staged; /* filled but not published */
	uint16_t since_signal; /* published since the last interrupt */
	uint16_t inflight; /* ring places taken and not returned */
	bool avail_wrap; /* packed: wrap counters */
	bool used_wrap;
	bool kicks_off; /* the driver was asked not to notify */
};

/* Which features shape the ring. */
struct vq_format {
	bool packed; /* VIRTIO_F_RING_PACKED */
	bool event_idx; /* VIRTIO_F_EVENT_IDX */
	bool indirect; /* VIRTIO_F_INDIRECT_DESC */
};

/*
 * Map the rings at the addresses in *vq and start at their beginning.
 * 0, or -EPROTO: size 0, above max_size or (split) no power of two; ring
 * misaligned or outside of RAM; buffers of an earlier start still in flight.
 */
int vq_start(struct virtqueue *vq, struct vmctx *ctx,
	     const struct vq_format *fmt);

/* Forget everything the driver configured; nothing may be in flight. */
void vq_reset(struct virtqueue *vq);

/* Take no more buffers; those in flight may still be returned. */
void vq_stop(struct virtqueue *vq);

/* Take the next buffer: 1, 0 if there is none, -EPROTO on a broken ring. */
int vq_get(struct virtqueue *vq, struct vq_chain *chain);

/* Undo the latest vq_get() that was neither undone nor filled. */
void vq_unget(struct virtqueue *vq, const struct vq_chain *chain);

/* Return a buffer with len bytes written; unseen until vq_publish(). */
void vq_fill(struct virtqueue *vq, const struct vq_chain *chain, uint32_t len);

/* Show the driver all that was filled, at one stroke. */
void vq_publish(struct virtqueue *vq);

/* Is an interrupt due for what was published since the last one? */
bool vq_should_signal(struct virtqueue *vq);

/* Ask the driver to spare its notifications; a hint only. */
void vq_disable_kick(struct virtqueue *vq);

/* Ask for them again. True: buffers came in between, look once more. */
bool vq_enable_kick(struct virtqueue *vq);

/*
 * Bytes the device may read from, or write to, a chain. Sums of them are for
 * 64 bits too: the guest has as many chains as it likes.
 */
uint64_t vq_chain_readable(const struct vq_chain *chain);
uint64_t vq_chain_writable(const struct vq_chain *chain);

/*
 * Copy between the readable (get) or writable (put) part, from off bytes in,
 * and a buffer; returns the bytes copied, fewer where the part ends.
 */
size_t vq_chain_get(const struct vq_chain *chain, size_t off, void *buf,
		    size_t len);
size_t vq_chain_put(const struct vq_chain *chain, size_t off, const void *buf,
		    size_t len);

/*
 * Segments for len bytes of iov (n entries) from off bytes in, into out (room
 * for n). Returns their number; they may cover less than len.
 */
int iov_slice(const struct iovec *iov, unsigned int n, size_t off, size_t len,
	      struct iovec *out);

#endif /* BHYVE_VIRTIO_RING_H */
