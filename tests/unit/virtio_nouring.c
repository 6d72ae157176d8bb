/* SPDX-License-Identifier: BSD-2-Clause */
/* A host without io_uring: disks use only worker threads. */
#include "bhyve/disk/block_impl.h"

struct block_uring *block_uring_open(struct blockif *bc, const char *tag)
{
	(void)bc;
	(void)tag;
	return NULL;
}

bool block_uring_submit(struct block_uring *u, struct blockif_req *req)
{
	(void)u;
	(void)req;
	return false;
}

void block_uring_kick(struct block_uring *u)
{
	(void)u;
}
