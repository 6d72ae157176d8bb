/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files behind block_if.h share. */
#ifndef BHYVE_BLOCK_IMPL_H
#define BHYVE_BLOCK_IMPL_H

#include <pthread.h>

#include "bhyve/disk/block_if.h"

struct block_uring;

struct blockif {
	int fd;
	bool is_device; /* false: a regular file */
	bool given;	/* another process has opened it */
	bool direct_io; /* O_DIRECT: memory and offsets must be aligned */
	uint32_t align; /* alignment in bytes that O_DIRECT needs for this file */
	/*
	 * opened without O_DIRECT, for unaligned requests; else the same as fd
	 */
	int cached_fd;
	struct blockif_geometry geo;

	/* Requests for the worker threads, oldest first. */
	pthread_mutex_t mtx;
	pthread_cond_t wake;
	struct blockif_req *head;
	struct blockif_req **tail;
	unsigned int nworkers;
	bool closing;
	pthread_cond_t ended; /* signalled when a worker ends */

	struct block_uring *uring; /* NULL: workers carry out all requests */
};

/* Carries out one request in this thread. 0 or a positive errno. */
int block_sync(struct blockif *bc, struct blockif_req *req);

/* Whether the request can use its buffers directly with O_DIRECT. */
bool block_aligned(const struct blockif *bc, const struct blockif_req *req);

/*
 * Starts the worker threads: one beside io_uring, for what that does not do, or
 * several without it. Once. 0; -EINVAL after printing the error.
 */
int block_start_workers(struct blockif *bc, const char *tag);

/* Ends those that were started, and waits until they have ended. */
void block_end_workers(struct blockif *bc);

/* Hands a request to a worker thread. */
void block_queue(struct blockif *bc, struct blockif_req *req);

/*
 * 0; -EINVAL after printing it if the image is not raw, because a guest would destroy it.
 * format=raw overrides that.
 */
int block_check_format(const struct blockif *bc, struct config_node *node,
		       const char *path, const char *tag);

/* NULL: the kernel has no io_uring, forbids it, or cannot restrict it. */
struct block_uring *block_uring_open(struct blockif *bc, const char *tag);

/* False: it is not a request for io_uring, or there is no room. */
bool block_uring_submit(struct block_uring *u, struct blockif_req *req);
void block_uring_kick(struct block_uring *u);

#endif /* BHYVE_BLOCK_IMPL_H */
