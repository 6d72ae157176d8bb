/* SPDX-License-Identifier: BSD-2-Clause */
/* Posted device memory (VM_POST). */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib/internal.h"

#define HALVES(bits)                                       \
	{                                                  \
		(uint32_t)(bits), (uint32_t)((bits) >> 32) \
	}

static void *map_page(struct vmctx *ctx, int number)
{
	long size = sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			  ctx->fd, number * size);

	if (page == MAP_FAILED)
		return NULL;
	madvise(page, size, MADV_DONTFORK);
	return page;
}

int vm_post(struct vmctx *ctx, uint64_t gpa,
	    const struct vm_posted_words *words, int fd,
	    struct vm_posted **page, volatile uint32_t **shown)
{
	struct vm_post_args args = {
		.gpa = gpa,
		.loads = HALVES(words->loads),
		.stores = HALVES(words->stores),
		.keeps = HALVES(words->keeps),
		.fd = fd,
	};
	int number = vmm_ioctl(ctx->fd, VM_POST, &args);

	if (number < 0)
		return number;
	ctx->posted[number] = map_page(ctx, number);
	ctx->shown[number] = map_page(ctx, VM_MAX_POSTED + number);
	if (!ctx->posted[number] || !ctx->shown[number])
		return -errno;
	*page = ctx->posted[number];
	*shown = ctx->shown[number];
	return number;
}

static void unmap_page(void *page)
{
	if (page)
		munmap(page, sysconf(_SC_PAGESIZE));
}

void vm_free_posted(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < VM_MAX_POSTED; i++) {
		unmap_page(ctx->posted[i]);
		unmap_page(ctx->shown[i]);
	}
}

int vm_show_posted(struct vmctx *ctx, int number, bool on)
{
	struct vm_show_posted_args args = { .number = number, .on = on };

	return vmm_ioctl(ctx->fd, VM_SHOW_POSTED, &args);
}
