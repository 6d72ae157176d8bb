/* SPDX-License-Identifier: BSD-2-Clause */
/* Guest memory, and vm_map_gpa(), the only way to it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
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
		.fd = -1,
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

/* Reserves addresses for @len bytes, and 2 MiB more to align them in. */
static int reserve(struct mem_region *region, uint64_t gpa, uint64_t len)
{
	if (len > SIZE_MAX - HUGE_PAGE)
		return -ENOMEM;
	region->mapping_len = len + HUGE_PAGE;
	region->mapping =
		mmap(NULL, region->mapping_len, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (region->mapping == MAP_FAILED)
		return -errno;
	region->hva = huge_aligned(region->mapping, gpa);
	return 0;
}

/*
 * Puts the file, if there is one, in place of the private memory. The host sets huge
 * pages aside for all of it now, or refuses: a guest that found none later would be
 * killed.
 */
static int map_file(struct mem_region *region, uint64_t len)
{
	int flags = MAP_SHARED | MAP_FIXED | (region->huge ? 0 : MAP_NORESERVE);

	if (region->fd < 0)
		return 0;
	if (mmap(region->hva, len, PROT_READ | PROT_WRITE, flags, region->fd,
		 0) == MAP_FAILED)
		return -errno;
	return 0;
}

static int setup(struct vmctx *ctx, uint64_t gpa, uint64_t len, int fd,
		 bool huge)
{
	struct mem_region region = {
		.gpa = gpa, .len = len, .fd = fd, .huge = huge
	};
	int ret = reserve(&region, gpa, len);

	if (ret)
		return ret;
	ret = map_file(&region, len);
	madvise(region.hva, len, MADV_HUGEPAGE);
	keep_private(region.mapping, region.mapping_len);
	if (!ret)
		ret = vm_map_memory(ctx, gpa, len, region.hva, 0);
	if (ret) {
		munmap(region.mapping, region.mapping_len);
		return ret;
	}
	ctx->regions[ctx->nregions - 1] = region;
	return 0;
}

int vm_setup_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	int ret = check_region(ctx, gpa, len);

	return ret ? ret : setup(ctx, gpa, len, -1, false);
}

/*
 * Makes a file that nobody who shares it can make shorter, because accesses to the
 * missing part would be faults.
 */
static int make_file(uint64_t len, bool huge)
{
	int fd = memfd_create("guest",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING |
				      (huge ? MFD_HUGETLB | MFD_HUGE_2MB : 0));
	int ret;

	if (fd < 0)
		return -errno;
	if (!ftruncate(fd, len) &&
	    !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static int setup_file(struct vmctx *ctx, uint64_t gpa, uint64_t len, bool huge)
{
	int ret = check_region(ctx, gpa, len), fd;

	if (ret)
		return ret;
	fd = make_file(len, huge);
	if (fd < 0)
		return fd;
	ret = setup(ctx, gpa, len, fd, huge);
	if (ret)
		close(fd);
	return ret;
}

int vm_setup_shared_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	return setup_file(ctx, gpa, len, false);
}

int vm_setup_huge_memory(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	if ((gpa | len) & (HUGE_PAGE - 1))
		return -EINVAL;
	return setup_file(ctx, gpa, len, true);
}

static struct mem_region *find_region(struct vmctx *ctx, uint64_t gpa)
{
	for (unsigned int i = 0; i < ctx->nregions; i++)
		if (ctx->regions[i].mapping && ctx->regions[i].gpa == gpa)
			return &ctx->regions[i];
	return NULL;
}

/* Shared memory has to stay the same file, so the image is copied into it. */
static int copy_image(struct mem_region *r, int fd, uint64_t offset)
{
	uint64_t done = 0;

	while (done < r->len) {
		ssize_t n = pread(fd, r->hva + done, r->len - done,
				  (off_t)(offset + done));

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += n;
	}
	return 0;
}

int vm_map_image(struct vmctx *ctx, uint64_t gpa, int fd, uint64_t offset)
{
	struct mem_region *r = find_region(ctx, gpa);

	if (!r)
		return -ENOENT;
	if (r->fd >= 0)
		return copy_image(r, fd, offset);
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
	ctx->regions[ctx->nregions] = (struct mem_region){ .fd = -1 };
	return ctx->nregions++;
}

int vm_show_rom(struct vmctx *ctx, int slot, uint64_t gpa, uint64_t len,
		const void *hva)
{
	return set_slot(ctx, slot, gpa, len, hva, VM_MEM_F_READONLY);
}

/* The number of the region that starts at gpa, or -EINVAL. */
static int region_at(const struct vmctx *ctx, uint64_t gpa)
{
	for (unsigned int i = 0; i < ctx->nregions; i++)
		if (ctx->regions[i].gpa == gpa && ctx->regions[i].len)
			return i;
	return -EINVAL;
}

int vm_log_dirty(struct vmctx *ctx, uint64_t gpa, bool on)
{
	int region = region_at(ctx, gpa);
	struct vm_log_dirty_args args = { .slot = region, .on = on };

	return region < 0 ? region : vmm_ioctl(ctx->fd, VM_LOG_DIRTY, &args);
}

static int region_of(const struct vmctx *ctx, uint64_t gpa)
{
	for (unsigned int i = 0; i < ctx->nregions; i++)
		if (gpa - ctx->regions[i].gpa < ctx->regions[i].len)
			return i;
	return -EINVAL;
}

int vm_get_dirty(struct vmctx *ctx, uint64_t gpa, uint64_t len,
		 uint64_t *bitmap)
{
	int region = region_of(ctx, gpa);
	struct vm_get_dirty_args args = { .slot = region,
					  .bitmap = (uintptr_t)bitmap };

	if (region < 0 || (gpa | len) & PAGE_MASK_4K || len >> 32)
		return -EINVAL;
	args.first = (gpa - ctx->regions[region].gpa) / (PAGE_MASK_4K + 1);
	args.pages = len / (PAGE_MASK_4K + 1);
	return vmm_ioctl(ctx->fd, VM_GET_DIRTY, &args);
}

void vm_free_memory(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < ctx->nregions; i++) {
		struct mem_region *region = &ctx->regions[i];

		if (!region->mapping)
			continue;
		munmap(region->mapping, region->mapping_len);
		if (region->fd >= 0)
			close(region->fd);
	}
}

void vm_clear_memory(struct vmctx *ctx)
{
	for (unsigned int i = 0; i < ctx->nregions; i++) {
		struct mem_region *region = &ctx->regions[i];

		if (!region->mapping)
			continue;
		/*
		 * Memory that is given back would read as the image again, if it
		 * is mapped from one; and a huge page would no longer be set aside
		 * for this VM. madvise() fails for locked memory.
		 */
		if (region->from_image || region->huge ||
		    madvise(region->hva, region->len,
			    region->fd < 0 ? MADV_DONTNEED : MADV_REMOVE))
			memset(region->hva, 0, region->len);
	}
}

void vm_give_back(struct vmctx *ctx, void *hva, uint64_t len)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)hva + page - 1) & -page;
	uintptr_t to = ((uintptr_t)hva + len) & -page;

	for (unsigned int i = 0; i < ctx->nregions && from < to; i++) {
		const struct mem_region *r = &ctx->regions[i];
		uintptr_t start = (uintptr_t)r->hva;

		if (r->mapping && !r->huge && from >= start &&
		    to - start <= r->len)
			madvise((void *)from, to - from,
				r->fd < 0 ? MADV_DONTNEED : MADV_REMOVE);
	}
}

int vm_get_memory(struct vmctx *ctx, unsigned int i, struct vm_memory *m)
{
	const struct mem_region *r = &ctx->regions[i];

	if (i >= ctx->nregions)
		return -ENOENT;
	*m = (struct vm_memory){ r->gpa, r->len, r->hva, r->fd };
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
