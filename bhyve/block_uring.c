/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads, writes and flushes by io_uring: the submitter fills the queue, one
 * thread of the disk waits for what completes. What the ring cannot do, or
 * cannot finish in one go, is left to the worker thread.
 */
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/block_impl.h"
#include "bhyve/debug.h"

#define ENTRIES 256

struct block_uring {
	struct blockif *bc;
	pthread_mutex_t mtx; /* of the submission queue */
	unsigned int inflight; /* never more than completions have room */
	struct io_uring ring;
};

static void complete(struct block_uring *u, struct blockif_req *req, int res)
{
	int error = res < 0 ? -res : 0;

	if (error == EINTR || error == EAGAIN ||
	    (!error && req->op != BOP_FLUSH && (uint64_t)res != req->len))
		/* The worker does all of it again; a flush counts for itself
		 * alone and a rewrite of the same data does no harm. */
		block_queue(u->bc, req);
	else
		req->callback(req, error);
}

static void *reaper(void *arg)
{
	struct block_uring *u = arg;
	struct io_uring_cqe *cqe;
	struct blockif_req *req;
	int error, res;

	for (;;) {
		error = io_uring_wait_cqe(&u->ring, &cqe);
		if (error == -EINTR || error == -EAGAIN)
			continue;
		if (error) {
			eprintln("io_uring failed: %s; disks stop",
				 strerror(-error));
			return NULL;
		}
		req = io_uring_cqe_get_data(cqe);
		res = cqe->res;
		io_uring_cqe_seen(&u->ring, cqe);
		__atomic_fetch_sub(&u->inflight, 1, __ATOMIC_RELEASE);
		complete(u, req, res);
	}
}

static void prepare(struct block_uring *u, struct io_uring_sqe *sqe,
		    struct blockif_req *req)
{
	int fd = u->bc->fd;

	if (req->op == BOP_READ)
		io_uring_prep_readv(sqe, fd, req->iov, req->iovcnt,
				    req->offset);
	else if (req->op == BOP_WRITE)
		io_uring_prep_writev2(sqe, fd, req->iov, req->iovcnt,
				      req->offset,
				      req->durable ? RWF_DSYNC : 0);
	else
		io_uring_prep_fsync(sqe, fd, IORING_FSYNC_DATASYNC);
	io_uring_sqe_set_data(sqe, req);
}

bool block_uring_submit(struct block_uring *u, struct blockif_req *req)
{
	struct io_uring_sqe *sqe = NULL;

	if (req->op == BOP_DISCARD || req->op == BOP_WRITE_ZEROES ||
	    !block_aligned(u->bc, req))
		return false;
	pthread_mutex_lock(&u->mtx);
	if (__atomic_load_n(&u->inflight, __ATOMIC_ACQUIRE) < ENTRIES)
		sqe = io_uring_get_sqe(&u->ring);
	if (sqe) {
		prepare(u, sqe, req);
		__atomic_fetch_add(&u->inflight, 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&u->mtx);
	return sqe != NULL;
}

void block_uring_kick(struct block_uring *u)
{
	int n;

	pthread_mutex_lock(&u->mtx);
	do
		n = io_uring_submit(&u->ring);
	while (n == -EINTR || n == -EAGAIN);
	pthread_mutex_unlock(&u->mtx);
	if (n < 0)
		eprintln("io_uring takes no requests: %s", strerror(-n));
}

struct block_uring *block_uring_open(struct blockif *bc, const char *tag)
{
	struct block_uring *u = calloc(1, sizeof(*u));
	pthread_t thread;

	if (!u || io_uring_queue_init(ENTRIES, &u->ring, 0)) {
		free(u);
		return NULL;
	}
	u->bc = bc;
	pthread_mutex_init(&u->mtx, NULL);
	if (pthread_create(&thread, NULL, reaper, u))
		die("%s: cannot start its thread", tag);
	pthread_setname_np(thread, "disk-done");
	pthread_detach(thread);
	return u;
}
