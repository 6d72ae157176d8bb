/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The disk behind a disk device: a raw file or a block device.
 *
 * Requests are carried out in any order and complete on another thread. A flush
 * covers the writes that completed before it was submitted; its callback comes
 * when they are on the medium (fdatasync()).
 */
#ifndef BHYVE_BLOCK_IF_H
#define BHYVE_BLOCK_IF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct blockif;
struct config_node;

enum blockop {
	BOP_READ,
	BOP_WRITE,
	BOP_FLUSH,
	BOP_DISCARD, /* the contents become undefined */
	BOP_WRITE_ZEROES,
};

struct blockif_req {
	enum blockop op;
	bool durable; /* the write is on the medium when it completes */
	bool unmap;   /* BOP_WRITE_ZEROES may free the space */
	off_t offset; /* in bytes; inside the disk */
	uint64_t len; /* in bytes; for reads and writes the length of all of iov */
	struct iovec *iov; /* the backend may change it */
	int iovcnt;

	/*
	 * Called on a thread of the disk, without locks; error is 0 or a
	 * positive errno.
	 */
	void (*callback)(struct blockif_req *req, int error);
	void *param;

	struct blockif_req *next; /* for the backend */
	uint64_t done;
};

struct blockif_geometry {
	uint64_t size;	   /* in bytes, a multiple of sector */
	uint32_t sector;   /* bytes of a logical sector */
	uint32_t physical; /* bytes of a physical sector */
	bool readonly;
	bool can_discard;
};

/*
 * Turns "path[,option...]" of the command line into keys. 0; -EINVAL after
 * printing the error.
 */
int blockif_legacy_config(struct config_node *node, const char *opts);

/* Makes a disk that is not open yet. NULL after printing that there is no memory. */
struct blockif *blockif_new(const char *tag);

/*
 * Opens the disk that @node's keys describe and starts its threads: by its path, or
 * while the VM runs by "fd", a descriptor that stays the caller's. 0; -EINVAL after
 * printing the error.
 */
int blockif_open(struct blockif *bc, struct config_node *node, const char *tag);

/*
 * Ends its threads and closes it, also if blockif_open() has failed; no request may be in
 * flight. Not for a disk with io_uring, which none has that is opened by "fd". Event
 * thread.
 */
void blockif_close(struct blockif *bc);

const struct blockif_geometry *blockif_geometry(const struct blockif *bc);

/*
 * Lets the disk grow to the size that its image has by now; with a @size in bytes
 * other than 0 the image is made that long first. The caller keeps others from
 * reading the geometry meanwhile. Does not wait for the disk. 0, or a negative
 * errno with *why: the disk has its old size.
 */
int blockif_grow(struct blockif *bc, uint64_t size, const char **why);

/*
 * Submits a request, which belongs to the backend until its callback. Does not
 * wait for the disk. The caller may hold a lock of its own.
 */
void blockif_submit(struct blockif *bc, struct blockif_req *req);

/* Starts what was submitted; to be called after the last request of a batch. */
void blockif_kick(struct blockif *bc);

/*
 * Waits until what was written is on the medium, for a snapshot. No request may
 * be in flight. An error is printed here; the guest sees it at its next flush.
 */
void blockif_sync(struct blockif *bc);

#endif /* BHYVE_BLOCK_IF_H */
