/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads, writes and flushes by io_uring. The submitter fills the queue, and one
 * thread of the disk waits for completions. What the ring cannot do, or does
 * only in part, goes to a worker thread.
 */
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/disk/block_impl.h"
#include "bhyve/base/thread.h"
#include "bhyve/base/debug.h"

#define ENTRIES 256

struct block_uring {
	struct blockif *bc;
	pthread_mutex_t mtx;   /* for the submission queue */
	unsigned int inflight; /* never more than the completion queue holds */
	struct io_uring ring;
};

static void complete(struct block_uring *u, struct blockif_req *req, int res)
{
	int error = res < 0 ? -res : 0;

	if (error == EINTR || error == EAGAIN ||
	    (!error && req->op != BOP_FLUSH && (uint64_t)res != req->len))
		/*
		 * A worker repeats all of it: a flush can be repeated, and
		 * writing the same data twice does no harm.
		 */
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
		/* The guest would wait for what is under way for ever. */
		if (error)
			die("io_uring failed: %s: a disk stops, and the VM with"
			    " it: start it again",
			    strerror(-error));
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
	/* Pairs with the release after io_uring_cqe_seen():
	 * tests/litmus/message.litmus. */
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
		guest_println("io_uring takes no requests: %s", strerror(-n));
}

/*
 * The sandbox cannot see a ring's operations, and a ring could open files. So
 * the ring is restricted to the operations that it needs.
 */
static int open_confined(struct io_uring *ring)
{
	static const uint8_t ops[] = { IORING_OP_READV, IORING_OP_WRITEV,
				       IORING_OP_FSYNC };
	struct io_uring_restriction allow[sizeof(ops)] = { 0 };
	unsigned int i;
	int error;

	error = io_uring_queue_init(ENTRIES, ring, IORING_SETUP_R_DISABLED);
	if (error)
		return error;
	for (i = 0; i < sizeof(ops); i++) {
		allow[i].opcode = IORING_RESTRICTION_SQE_OP;
		allow[i].sqe_op = ops[i];
	}
	/*
	 * By number, because liburing 2.3 does not export its functions for
	 * this.
	 */
	error = io_uring_register(ring->ring_fd, IORING_REGISTER_RESTRICTIONS,
				  allow, sizeof(ops));
	if (!error)
		error = io_uring_register(
			ring->ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
	if (error)
		io_uring_queue_exit(ring);
	return error;
}

struct block_uring *block_uring_open(struct blockif *bc, const char *tag)
{
	struct block_uring *u = calloc(1, sizeof(*u));

	if (!u || open_confined(&u->ring)) {
		free(u);
		return NULL;
	}
	/*
	 * A child must not have the ring: whoever can write to it can make
	 * this process read and write any of its memory.
	 */
	io_uring_ring_dontfork(&u->ring);
	u->bc = bc;
	pthread_mutex_init(&u->mtx, NULL);
	if (start_thread(reaper, u, "disk-done", SANDBOX_DISK, tag, NULL))
		exit_with_error();
	return u;
}
