/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads that carry out what io_uring does not. */
#include <errno.h>

#include "bhyve/base/thread.h"
#include "bhyve/disk/block_impl.h"

/*
 * Number of concurrent requests without io_uring; the same as FreeBSD's bhyve.
 */
#define POOL_SIZE 8

void block_queue(struct blockif *bc, struct blockif_req *req)
{
	req->next = NULL;
	pthread_mutex_lock(&bc->mtx);
	*bc->tail = req;
	bc->tail = &req->next;
	pthread_cond_signal(&bc->wake);
	pthread_mutex_unlock(&bc->mtx);
}

/* NULL: the disk is closed. */
static struct blockif_req *dequeue(struct blockif *bc)
{
	struct blockif_req *req;

	pthread_mutex_lock(&bc->mtx);
	while (!bc->head && !bc->closing)
		pthread_cond_wait(&bc->wake, &bc->mtx);
	req = bc->head;
	if (req)
		bc->head = req->next;
	if (!bc->head)
		bc->tail = &bc->head;
	pthread_mutex_unlock(&bc->mtx);
	return req;
}

static void end(struct blockif *bc)
{
	pthread_mutex_lock(&bc->mtx);
	bc->nworkers--;
	pthread_cond_signal(&bc->ended);
	pthread_mutex_unlock(&bc->mtx);
}

static void *worker(void *arg)
{
	struct blockif *bc = arg;
	struct blockif_req *req;

	while ((req = dequeue(bc)))
		req->callback(req, block_sync(bc, req));
	end(bc);
	return NULL;
}

int block_start_workers(struct blockif *bc, const char *tag)
{
	unsigned int n;

	for (n = bc->uring ? 1 : POOL_SIZE; n; n--) {
		if (start_thread(worker, bc, "disk", SANDBOX_DISK, tag, NULL))
			return -EINVAL;
		pthread_mutex_lock(&bc->mtx);
		bc->nworkers++;
		pthread_mutex_unlock(&bc->mtx);
	}
	return 0;
}

void block_end_workers(struct blockif *bc)
{
	pthread_mutex_lock(&bc->mtx);
	bc->closing = true;
	pthread_cond_broadcast(&bc->wake);
	while (bc->nworkers)
		pthread_cond_wait(&bc->ended, &bc->mtx);
	pthread_mutex_unlock(&bc->mtx);
}
