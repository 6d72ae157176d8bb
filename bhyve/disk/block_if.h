/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The disk behind a disk device: a raw file or a block device.
 *
 * Requests are carried out in any order and complete on another thread. A
 * flush covers the writes that completed before it was submitted; the
 * callback of a flush comes when they are on the medium (fdatasync).
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
	BOP_DISCARD, /* the contents may become anything */
	BOP_WRITE_ZEROES,
};

struct blockif_req {
	enum blockop op;
	bool durable; /* a write that is its own flush */
	bool unmap; /* BOP_WRITE_ZEROES may free the space */
	off_t offset; /* bytes, inside the disk */
	uint64_t len; /* bytes; of all of iov for reads and writes */
	struct iovec *iov; /* the backend may change it */
	int iovcnt;

	/* 0 or a positive errno. On a thread of the disk, without locks. */
	void (*callback)(struct blockif_req *req, int error);
	void *param;

	struct blockif_req *next; /* the backend's */
	uint64_t done;
};

struct blockif_geometry {
	uint64_t size; /* bytes, a multiple of sector */
	uint32_t sector; /* logical, bytes */
	uint32_t physical; /* physical sector, bytes */
	bool readonly;
	bool can_discard;
};

/* "path[,option...]" of the command line into keys. 0 or -EINVAL, said. */
int blockif_legacy_config(struct config_node *node, const char *opts);

/* Opens the disk of a device's keys and starts its threads; dies of what is
 * wrong with it. */
struct blockif *blockif_open(struct config_node *node, const char *tag);

const struct blockif_geometry *blockif_geometry(const struct blockif *bc);

/*
 * Hands in a request, which stays the backend's until its callback. Does not
 * wait for the disk. The caller holds its own lock or not, as it likes.
 */
void blockif_submit(struct blockif *bc, struct blockif_req *req);

/* Sets off what was submitted: after the last of a batch. */
void blockif_kick(struct blockif *bc);

#endif /* BHYVE_BLOCK_IF_H */
