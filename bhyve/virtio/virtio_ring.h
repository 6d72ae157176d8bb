/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's side of virtqueues: virtio 1.2, 2.7 (split) and 2.8 (packed).
 *
 * The driver owns the memory of the rings and may write to it at any moment. So
 * every word of a ring is loaded once, into a local variable, and checked
 * there; every address goes through vm_map_gpa(); and a ring that breaks a rule
 * is not repaired: the call returns -EPROTO, vq->fault names the rule, and
 * nothing is taken from that queue until it is set up again.
 *
 * No function here locks: the device's lock (virtio.h) is held.
 */
#ifndef BHYVE_VIRTIO_RING_H
#define BHYVE_VIRTIO_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct mevent;
struct state;
struct virtio_dev;
struct vmctx;
struct vring_ops;

/*
 * The largest queue that any device offers. It also limits a chain's segments,
 * because a chain must not be longer than its queue (virtio 1.2, 2.7.5.1).
 */
#define VQ_MAX_SIZE 256

/*
 * The longest chain, in bytes. All segments may be the same memory, so even a
 * small guest can offer more bytes than a size_t can count. No real driver
 * comes near this.
 */
#define VQ_MAX_BYTES (1u << 30)

/*
 * One buffer as the driver made it available: nread segments for the device to
 * read, then nwrite for it to write. The segments point into guest memory,
 * which the driver may change at any time: copy what is to be checked.
 */
struct vq_chain {
	uint16_t id;	 /* its id in the used ring */
	uint16_t nslots; /* number of ring entries it takes */
	unsigned int nread;
	unsigned int nwrite;
	uint64_t bytes; /* sum over all segments; at most VQ_MAX_BYTES */
	struct iovec iov[VQ_MAX_SIZE];
	/*
	 * The segments to write once more, if guest_written() is to be told of them:
	 * a device may change iov as it works through it.
	 */
	unsigned int nlogged;
	struct iovec logged[VQ_MAX_SIZE];
};

struct virtqueue {
	struct virtio_dev *dev;
	uint16_t index;
	uint16_t max_size; /* the size that the device offers */
	int kick_fd; /* eventfd that is signalled by notifications; -1: none */
	struct mevent *kicked; /* the event of kick_fd */
	/*
	 * Only for a queue that vhost.c may hand over: an eventfd whose signals
	 * are interrupts, and its event. call_fd is -1 for the others.
	 */
	int call_fd;
	struct mevent *called;
	bool ready;

	/*
	 * What the driver has configured. Split (2.7): descriptor table,
	 * available ring, used ring. Packed (2.8): descriptor ring, driver and
	 * device event area. A change takes effect at the next start.
	 */
	uint16_t size_set;
	uint64_t desc_gpa;
	uint64_t driver_gpa;
	uint64_t device_gpa;

	/* State of the running queue. */
	const struct vring_ops *ops;
	struct vmctx *ctx;
	uint16_t size;
	bool event_idx;
	bool indirect;
	void *desc;
	void *driver;
	void *device;
	const char *fault; /* the broken rule; NULL: none */

	uint16_t avail;	     /* next entry to take a buffer from */
	uint16_t avail_seen; /* split: the available index last read */
	uint16_t used;	     /* next entry to return a buffer to */
	uint16_t used_first; /* packed: first entry that is not published yet */
	uint16_t used_first_flags; /* packed: its flags */
	uint16_t staged;	   /* entries filled but not published */
	uint16_t since_signal; /* entries published since the last interrupt */
	uint16_t inflight;     /* ring entries taken and not returned */
	bool avail_wrap;       /* packed: wrap counters */
	bool used_wrap;
	bool kicks_off; /* the driver was asked not to notify the device */
};

/* The features that determine the ring's format. */
struct vq_format {
	bool packed;	/* VIRTIO_F_RING_PACKED */
	bool event_idx; /* VIRTIO_F_EVENT_IDX */
	bool indirect;	/* VIRTIO_F_INDIRECT_DESC */
};

/*
 * Maps the rings at the addresses in *vq and starts at their beginning. 0;
 * -EPROTO: the size is 0, above max_size or (split) not a power of two; a ring
 * is misaligned or outside of RAM; or buffers of an earlier start are still in
 * flight.
 */
int vq_start(struct virtqueue *vq, struct vmctx *ctx,
	     const struct vq_format *fmt);

/* Forgets the driver's configuration. Nothing may be in flight. */
void vq_reset(struct virtqueue *vq);

/*
 * Saves the queue, of which nothing may be in flight; or loads it, and then maps its
 * rings again as vq_start() does.
 */
void vq_state(struct virtqueue *vq, struct vmctx *ctx,
	      const struct vq_format *fmt, struct state *s);

/* Stops taking buffers; those in flight may still be returned. */
void vq_stop(struct virtqueue *vq);

/* Takes the next buffer. 1; 0: there is none; -EPROTO: a broken ring. */
int vq_get(struct virtqueue *vq, struct vq_chain *chain);

/* Undoes the latest vq_get() that was neither undone nor filled. */
void vq_unget(struct virtqueue *vq, const struct vq_chain *chain);

/*
 * Returns a buffer with len bytes written; the driver does not see it before
 * vq_publish().
 */
void vq_fill(struct virtqueue *vq, const struct vq_chain *chain, uint32_t len);

/* Publishes all filled buffers at once. */
void vq_publish(struct virtqueue *vq);

/* Whether an interrupt is due for what was published since the last one. */
bool vq_should_signal(struct virtqueue *vq);

/* Asks the driver to send no notifications; only a hint. */
void vq_disable_kick(struct virtqueue *vq);

/*
 * Asks for notifications again. True: buffers came in between, so look once
 * more.
 */
bool vq_enable_kick(struct virtqueue *vq);

/*
 * How many bytes the device may read from, or write to, a chain. Sums over
 * several chains need 64 bits as well.
 */
uint64_t vq_chain_readable(const struct vq_chain *chain);
uint64_t vq_chain_writable(const struct vq_chain *chain);

/*
 * Copy between a buffer and the readable (get) or writable (put) part, from
 * byte off on. They return the number of bytes copied, which is less than asked
 * for at the end of the part.
 */
size_t vq_chain_get(const struct vq_chain *chain, size_t off, void *buf,
		    size_t len);
size_t vq_chain_put(const struct vq_chain *chain, size_t off, const void *buf,
		    size_t len);

/*
 * Makes out (room for n) the segments for len bytes of iov (n entries) from
 * byte off on. Returns their number; they may cover less than len.
 */
int iov_slice(const struct iovec *iov, unsigned int n, size_t off, size_t len,
	      struct iovec *out);

#endif /* BHYVE_VIRTIO_RING_H */
