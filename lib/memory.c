/* SPDX-License-Identifier: BSD-2-Clause */
/* Guest memory, and vm_map_gpa(), the only way to it. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "lib/internal.h"

#define PAGE_MASK_4K UINT64_C(0xfff)
#define HUGE_PAGE    UINT64_C(0x200000)

static bool overlaps(const struct mem_region *r, uint64_t gpa, uint64_t len)
{
	return gpa < r->gpa + r->len && r->gpa < gpa + len;
}

static int check_region(const struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	if (!len || (gpa | len) & PAGE_MASK_4K || gpa + len < gpa ||
	    len > SIZE_MAX)
		return -EINVAL;
	if (ctx->nregions == VM_MAX_MEMSLOTS)
		return -ENOSPC;
	for (unsigned int i = 0; i < ctx->nregions; i++)
		if (overlaps(&ctx->regions[i], gpa, len))
			return -EEXIST;
	return 0;
}

static int set_slot(struct vmctx *ctx, uint32_t slot, uint64_t gpa,
		    uint64_t len, const void *hva, uint32_t flags)
{
	struct vm_memory_args args = {
		.slot = slot,
		.flags = flags,
		.gpa = gpa,
		.len = len,
		.hva = (uintptr_t)hva,
	};

	return vmm_ioctl(ctx->fd, VM_SET_MEMORY, &args);
}

int vm_map_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len, void *hva,
		  uint32_t flags)
{
	int ret;

	ret = check_region(ctx, gpa, len);
	if (ret)
		return ret;
	ret = set_slot(ctx, ctx->nregions, gpa, len, hva, flags);
	if (ret)
		return ret;
	ctx->regions[ctx->nregions++] = (struct mem_region){
		.gpa = gpa,
		.len = len,
		.hva = hva,
	};
	return 0;
}

/*
 * The host can map a huge page at stage 2 only if guest-physical and virtual
 * address agree modulo 2 MiB. So 2 MiB more are mapped, and stay untouched.
 */
static void *huge_aligned(void *mapping, uint64_t gpa)
{
	uintptr_t va = (uintptr_t)mapping;

	return (void *)(uintptr_t)(va + ((gpa - va) & (HUGE_PAGE - 1)));
}

/* Hints: a kernel that lacks them works, too. */
static void keep_private(void *mem, size_t len)
{
	madvise(mem, len, MADV_DONTDUMP);
	/* Processes that bhyve makes have no part of the guest. */
	madvise(mem, len, MADV_DONTFORK);
}

int vm_setup_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	struct mem_region *region;
	void *mapping, *hva;
	size_t mapping_len;
	int ret;

	ret = check_region(ctx, gpa, len);
	if (ret)
		return ret;
	if (len > SIZE_MAX - HUGE_PAGE)
		return -ENOMEM;
	mapping_len = len + HUGE_PAGE;
	mapping = mmap(NULL, mapping_len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mapping == MAP_FAILED)
		return -errno;
	hva = huge_aligned(mapping, gpa);
	madvise(hva, len, MADV_HUGEPAGE);
	keep_private(mapping, mapping_len);

	ret = vm_map_memory(ctx, gpa, len, hva, 0);
	if (ret) {
		munmap(mapping, mapping_len);
		return ret;
	}
	region = &ctx->regions[ctx->nregions - 1];
	region->mapping = mapping;
	region->mapping_len = mapping_len;
	return 0;
}

static struct mem_region *find_region(struct vmctx *ctx, uint64_t gpa)
{
	for (unsigned int i = 0; i < ctx->nregions; i++)
		if (ctx->regions[i].mapping && ctx->regions[i].gpa == gpa)
			return &ctx->regions[i];
	return NULL;
}

int vm_map_image(struct vmctx *ctx, uint64_t gpa, int fd, uint64_t offset)
{
	struct mem_region *r = find_region(ctx, gpa);

	if (!r)
		return -ENOENT;
	if (mmap(r->hva, r->len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, fd,
		 (off_t)offset) == MAP_FAILED)
		return -errno;
	keep_private(r->hva, r->len);
	r->from_image = true;
	return 0;
}

int vm_sync_code(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	struct vm_sync_args args = { .gpa = gpa, .len = len };

	return vmm_ioctl(ctx->fd, VM_SYNC_CODE, &args);
}

/* A region of length 0 reserves the slot, and no lookup finds it. */
int vm_add_rom(struct vmctx *ctx)
{
	if (ctx->nregions == VM_MAX_MEMSLOTS)
		return -ENOSPC;
	ctx->regions[ctx->nregions] = (struct mem_region){ 0 };
	return ctx->nregions++;
}

int vm_show_rom(struct vmctx *ctx, int slot, uint64_t gpa, uint64_t len,
		const void *hva)
{
	return set_slot(ctx, slot, gpa, len, hva, VM_MEM_F_READONLY);
}

void vm_free_memory(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < ctx->nregions; i++) {
		struct mem_region *region = &ctx->regions[i];

		if (region->mapping)
			munmap(region->mapping, region->mapping_len);
	}
}

void vm_clear_memory(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < ctx->nregions; i++) {
		struct mem_region *region = &ctx->regions[i];

		if (!region->mapping)
			continue;
		/*
		 * What was mapped from an image would come back. madvise() fails
		 * for locked memory.
		 */
		if (region->from_image ||
		    madvise(region->hva, region->len, MADV_DONTNEED))
			memset(region->hva, 0, region->len);
	}
}

int vm_get_memory(struct vmctx *ctx, unsigned int i, struct vm_memory *m)
{
	const struct mem_region *r = &ctx->regions[i];

	if (i >= ctx->nregions)
		return -ENOENT;
	*m = (struct vm_memory){ r->gpa, r->len, r->hva };
	return 0;
}

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	for (unsigned int i = 0; len && i < ctx->nregions; i++) {
		const struct mem_region *r = &ctx->regions[i];

		if (gpa >= r->gpa && gpa - r->gpa < r->len &&
		    len <= r->len - (gpa - r->gpa))
			return r->hva + (gpa - r->gpa);
	}
	return NULL;
}
