/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads that carry out what io_uring does not. */
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

static struct blockif_req *dequeue(struct blockif *bc)
{
	struct blockif_req *req;

	pthread_mutex_lock(&bc->mtx);
	while (!bc->head)
		pthread_cond_wait(&bc->wake, &bc->mtx);
	req = bc->head;
	bc->head = req->next;
	if (!bc->head)
		bc->tail = &bc->head;
	pthread_mutex_unlock(&bc->mtx);
	return req;
}

static void *worker(void *arg)
{
	struct blockif *bc = arg;

	for (;;) {
		struct blockif_req *req = dequeue(bc);

		req->callback(req, block_sync(bc, req));
	}
	return NULL;
}

void block_start_workers(struct blockif *bc, const char *tag)
{
	unsigned int n;

	pthread_mutex_init(&bc->mtx, NULL);
	pthread_cond_init(&bc->wake, NULL);
	bc->tail = &bc->head;
	for (n = bc->uring ? 1 : POOL_SIZE; n; n--)
		start_thread(worker, bc, "disk", SANDBOX_DISK, tag);
}
