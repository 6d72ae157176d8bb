/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of block_if.h share. */
#ifndef BHYVE_BLOCK_IMPL_H
#define BHYVE_BLOCK_IMPL_H

#include <pthread.h>

#include "bhyve/disk/block_if.h"

struct block_uring;

struct blockif {
	int fd;
	bool is_device; /* a block device, else a regular file */
	bool direct_io; /* O_DIRECT: memory and offsets must be aligned */
	uint32_t align; /* to this many bytes; the host's file says so */
	int cached_fd; /* without O_DIRECT, for what is not; else fd again */
	struct blockif_geometry geo;

	/* What waits for a worker thread, oldest first. */
	pthread_mutex_t mtx;
	pthread_cond_t wake;
	struct blockif_req *head;
	struct blockif_req **tail;

	struct block_uring *uring; /* NULL: the workers do everything */
};

/* Carry out one request here and now; 0 or a positive errno. */
int block_sync(struct blockif *bc, struct blockif_req *req);

/* May the kernel use these buffers as they are? */
bool block_aligned(const struct blockif *bc, const struct blockif_req *req);

/*
 * Starts the worker threads: one beside a ring, for what the ring does not do,
 * several without. At start-up, once; dies if they cannot be had.
 */
void block_start_workers(struct blockif *bc, const char *tag);

/* Leave a request to a worker thread. */
void block_queue(struct blockif *bc, struct blockif_req *req);

/*
 * Dies of an image that is not raw: a guest that took one for its disk would
 * destroy it. format=raw says that it is all the same.
 */
void block_check_format(const struct blockif *bc, struct config_node *node,
			const char *path, const char *tag);

/* NULL where the kernel has no io_uring, forbids it or cannot confine it. */
struct block_uring *block_uring_open(struct blockif *bc, const char *tag);

/* False: not its kind of request, or no room. */
bool block_uring_submit(struct block_uring *u, struct blockif_req *req);
void block_uring_kick(struct block_uring *u);

#endif /* BHYVE_BLOCK_IMPL_H */
