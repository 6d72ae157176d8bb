/* SPDX-License-Identifier: BSD-2-Clause */
/* Carries out a disk request by ordinary system calls. */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bhyve/disk/block_impl.h"

#define ZERO_CHUNK   (64 * 1024)
#define BOUNCE_CHUNK (1u << 20)

bool block_aligned(const struct blockif *bc, const struct blockif_req *req)
{
	uint64_t bits = req->offset | req->len;
	int i;

	if (!bc->direct_io)
		return true;
	for (i = 0; i < req->iovcnt; i++)
		bits |= (uintptr_t)req->iov[i].iov_base | req->iov[i].iov_len;
	return bits % bc->align == 0;
}

/* Skips n bytes of the vector, since the disk may do less than was asked. */
static void advance(struct blockif_req *req, size_t n)
{
	req->done += n;
	while (req->iovcnt && n >= req->iov->iov_len) {
		n -= req->iov->iov_len;
		req->iov++;
		req->iovcnt--;
	}
	if (!n)
		return;
	req->iov->iov_base = (char *)req->iov->iov_base + n;
	req->iov->iov_len -= n;
}

static int transfer(int fd, struct blockif_req *req)
{
	int flags = req->durable ? RWF_DSYNC : 0;
	ssize_t n;

	while (req->done < req->len) {
		off_t at = req->offset + req->done;

		if (req->op == BOP_WRITE)
			n = pwritev2(fd, req->iov, req->iovcnt, at, flags);
		else
			n = preadv(fd, req->iov, req->iovcnt, at);
		if (n < 0 && errno == EINTR)
			continue;
		/* 0: the file was cut short meanwhile. */
		if (n <= 0)
			return n ? errno : EIO;
		advance(req, n);
	}
	return 0;
}

/* Copies between the first n bytes of the vector and a buffer. */
static void copy_front(const struct blockif_req *req, char *p, size_t n,
		       bool to_buffer)
{
	for (int i = 0; i < req->iovcnt && n; i++) {
		const struct iovec *iov = &req->iov[i];
		size_t len = iov->iov_len < n ? iov->iov_len : n;

		if (to_buffer)
			memcpy(p, iov->iov_base, len);
		else
			memcpy(iov->iov_base, p, len);
		p += len;
		n -= len;
	}
}

/* Carries out the next n bytes of a request with an aligned buffer. */
static int bounce_chunk(struct blockif *bc, struct blockif_req *req,
			void *buffer, size_t n)
{
	struct iovec one = { .iov_base = buffer, .iov_len = n };
	struct blockif_req part = {
		.op = req->op,
		.durable = req->durable,
		.offset = req->offset + req->done,
		.len = n,
		.iov = &one,
		.iovcnt = 1,
	};
	int error;

	if (req->op == BOP_WRITE)
		copy_front(req, buffer, n, true);
	error = transfer(bc->fd, &part);
	if (!error && req->op == BOP_READ)
		copy_front(req, buffer, n, false);
	advance(req, n);
	return error;
}

/*
 * O_DIRECT needs aligned memory, which a guest need not use. The buffer has a
 * limited size, whatever length the guest asks for.
 */
static int bounce(struct blockif *bc, struct blockif_req *req)
{
	void *buffer;
	int error = 0;

	if (posix_memalign(&buffer, 4096, BOUNCE_CHUNK))
		return ENOMEM;
	while (req->done < req->len && !error) {
		uint64_t left = req->len - req->done;

		error = bounce_chunk(bc, req, buffer,
				     left < BOUNCE_CHUNK ? left : BOUNCE_CHUNK);
	}
	free(buffer);
	return error;
}

static int flush(struct blockif *bc)
{
	return fdatasync(bc->fd) ? errno : 0;
}

static int discard(struct blockif *bc, struct blockif_req *req)
{
	uint64_t range[2] = { req->offset, req->len };
	int ret;

	if (bc->is_device)
		ret = ioctl(bc->fd, BLKDISCARD, range);
	else
		ret = fallocate(bc->fd,
				FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				req->offset, req->len);
	/* A discard is a hint: without support for it, the data stays. */
	return ret && errno != EOPNOTSUPP ? errno : 0;
}

static int write_zeroes_by_hand(struct blockif *bc, struct blockif_req *req)
{
	char *zeroes;
	int error = 0;

	if (posix_memalign((void **)&zeroes, 4096, ZERO_CHUNK))
		return ENOMEM;
	memset(zeroes, 0, ZERO_CHUNK);
	while (req->done < req->len && !error) {
		uint64_t left = req->len - req->done;
		ssize_t n = pwrite(bc->cached_fd, zeroes,
				   left < ZERO_CHUNK ? left : ZERO_CHUNK,
				   req->offset + req->done);

		if (n > 0)
			req->done += n;
		else if (n == 0 || errno != EINTR)
			error = n ? errno : EIO;
	}
	free(zeroes);
	return error;
}

static int write_zeroes(struct blockif *bc, struct blockif_req *req)
{
	int mode = req->unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;
	int error = 0;

	if (fallocate(bc->fd, mode | FALLOC_FL_KEEP_SIZE, req->offset,
		      req->len))
		error = errno == EOPNOTSUPP ? write_zeroes_by_hand(bc, req) :
					      errno;
	if (!error && req->durable)
		error = flush(bc);
	return error;
}

int block_sync(struct blockif *bc, struct blockif_req *req)
{
	switch (req->op) {
	case BOP_READ:
	case BOP_WRITE:
		if (block_aligned(bc, req))
			return transfer(bc->fd, req);
		if ((req->offset | req->len) % bc->align)
			return transfer(bc->cached_fd, req);
		return bounce(bc, req);
	case BOP_FLUSH:
		return flush(bc);
	case BOP_DISCARD:
		return discard(bc, req);
	case BOP_WRITE_ZEROES:
		return write_zeroes(bc, req);
	}
	return EOPNOTSUPP;
}
