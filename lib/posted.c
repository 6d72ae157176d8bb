/* SPDX-License-Identifier: BSD-2-Clause */
/* Posted device memory. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/internal.h"

#define HALVES(bits) { (uint32_t)(bits), (uint32_t)((bits) >> 32) }

int vm_post(struct vmctx *ctx, uint64_t gpa,
	    const struct vm_posted_words *words, int fd,
	    struct vm_posted **page)
{
	struct vm_post_args args = {
		.gpa = gpa,
		.loads = HALVES(words->loads),
		.stores = HALVES(words->stores),
		.keeps = HALVES(words->keeps),
		.fd = fd,
	};
	long size = sysconf(_SC_PAGESIZE);
	int number = vmm_ioctl(ctx->fd, VM_POST, &args);

	if (number < 0)
		return number;
	*page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ctx->fd,
		     number * size);
	if (*page == MAP_FAILED)
		return -errno;
	ctx->posted[number] = *page;
	return 0;
}
