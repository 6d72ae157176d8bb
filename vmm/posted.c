// SPDX-License-Identifier: BSD-2-Clause
/*
 * Posted device memory. A VM has few such pages, and they stay until it goes,
 * so that vCPUs and HYP search them without a lock.
 */
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include "vmm/arm/fast.h"
#include "vmm/arm/hyp_call.h"
#include "vmm/arm/hyp_map.h"
#include "vmm/compat.h"
#include "vmm/mem.h"
#include "vmm/posted.h"
#include "vmm/vm.h"

/*
 * One page for HYP and the kernel, and behind it the page that user space maps.
 */
#define POSTED_SIZE (2 * PAGE_SIZE)

/*
 * Pairs with posted_publish(): what the pointer leads to has been written
 * (tests/litmus/publish.litmus).
 */
static struct posted *posted_at(struct vm *vm, unsigned long i)
{
	return i < VM_MAX_POSTED ? READ_ONCE(vm->posting[i].posted) : NULL;
}

/* Index of the page, or VM_MAX_POSTED. */
static unsigned int posted_find(struct vm *vm, u64 gpa)
{
	const struct posted *p;
	unsigned int i;

	for (i = 0; (p = posted_at(vm, i)); i++)
		if (p->gfn == gpa >> PAGE_SHIFT)
			return i;
	return VM_MAX_POSTED;
}

static struct posted *posted_new(const struct vm_post_args *args)
{
	struct posted *p = hyp_alloc(POSTED_SIZE);

	BUILD_BUG_ON(sizeof(*p) > PAGE_SIZE);
	BUILD_BUG_ON(sizeof(struct vm_posted) > PAGE_SIZE);
	if (!p)
		return NULL;
	p->gfn = args->gpa >> PAGE_SHIFT;
	p->page = (void *)p + PAGE_SIZE;
	posted_set(p, args->loads, POSTED_LOADS);
	posted_set(p, args->stores, POSTED_STORES);
	posted_set(p, args->keeps, POSTED_KEEPS);
	return p;
}

/*
 * The guest and user space map the page uncached, so that nobody has to clean
 * it. The kernel's cached mapping is not used once the page is zeroed.
 */
static struct page *posted_new_shown(void)
{
	struct page *page = alloc_page(GFP_SHOWN | __GFP_ZERO);

	if (page)
		hyp_clean_pages(page_to_phys(page), PAGE_SIZE);
	return page;
}

static void posted_publish(struct vm *vm, unsigned int i, struct posted *p)
{
	smp_store_release(&vm->posting[i].posted, p);
	vm_arch_publish_posted(vm, i, p);
}

/* vm->lock is held. */
static int posted_add_locked(struct vm *vm, const struct vm_post_args *args,
			     struct eventfd_ctx *ctx)
{
	struct posted *p;
	struct page *shown;
	unsigned int i;

	if (!vm->vgic)
		return -ENXIO;
	if (posted_find(vm, args->gpa) < VM_MAX_POSTED ||
	    mem_is_reserved(vm, args->gpa, PAGE_SIZE))
		return -EEXIST;
	for (i = 0; posted_at(vm, i); i++)
		;
	if (i == VM_MAX_POSTED)
		return -ENOSPC;
	shown = posted_new_shown();
	if (!shown)
		return -ENOMEM;
	p = posted_new(args);
	if (!p) {
		__free_page(shown);
		return -ENOMEM;
	}
	vm->posting[i].shown = shown;
	vm->posting[i].ctx = ctx;
	posted_publish(vm, i, p);
	return i;
}

int posted_add(struct vm *vm, const struct vm_post_args *args)
{
	struct eventfd_ctx *ctx;
	int ret;

	if (args->pad || !PAGE_ALIGNED(args->gpa) || args->gpa >> 40)
		return -EINVAL;
	ctx = eventfd_ctx_fdget(args->fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	mutex_lock(&vm->lock);
	ret = posted_add_locked(vm, args, ctx);
	mutex_unlock(&vm->lock);
	if (ret < 0)
		eventfd_ctx_put(ctx);
	return ret;
}

/* vm->lock is held. */
static int posted_show_locked(struct vm *vm, u64 gpa, struct page *page,
			      bool on)
{
	struct mem_slot slot;

	if (mem_find_slot(vm, gpa, &slot))
		return -EEXIST;
	if (!fast_posted)
		return 0;
	if (on)
		return mem_map_shown(vm, gpa, page);
	mem_unmap_shown(vm, gpa);
	return 0;
}

int posted_show(struct vm *vm, const struct vm_show_posted_args *args)
{
	const struct posted *p = posted_at(vm, args->number);
	u64 gpa;
	int ret;

	if (!p)
		return -ENOENT;
	gpa = (u64)p->gfn << PAGE_SHIFT;
	if (args->on > 1 || gpa >= SZ_4G)
		return -EINVAL;
	mutex_lock(&vm->lock);
	ret = posted_show_locked(vm, gpa, vm->posting[args->number].shown,
				 args->on);
	mutex_unlock(&vm->lock);
	return ret;
}

static int posted_map_shown(struct vm *vm, struct vm_area_struct *vma)
{
	unsigned long i = vma->vm_pgoff - VM_MAX_POSTED;

	if (!posted_at(vm, i))
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return vm_insert_page(vma, vma->vm_start, vm->posting[i].shown);
}

int posted_mmap(struct vm *vm, struct vm_area_struct *vma)
{
	const struct posted *p = posted_at(vm, vma->vm_pgoff);

	if (vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	if (vma->vm_pgoff >= VM_MAX_POSTED)
		return posted_map_shown(vm, vma);
	if (!p)
		return -EINVAL;
	return vm_insert_page(vma, vma->vm_start, virt_to_page(p->page));
}

static enum posted_done posted_lock_and_store(struct posted *p, u32 off,
					      u32 size, u32 val)
{
	enum posted_done done;
	unsigned long flags;

	if (!posted_stores(p, off))
		return posted_keeps(p, off, size, val) ? POSTED : POSTED_NOT;
	local_irq_save(flags);
	hyp_lock(&p->lock);
	done = posted_store(p, off, size, val);
	hyp_unlock(&p->lock);
	local_irq_restore(flags);
	return done;
}

bool posted_access(struct vm *vm, u64 gpa, u32 size, bool write, u32 *val)
{
	unsigned int i = posted_find(vm, gpa);
	u32 off = offset_in_page(gpa);
	enum posted_done done;

	if (i == VM_MAX_POSTED)
		return false;
	if (!write)
		return posted_load(vm->posting[i].posted, off, size, val);
	done = posted_lock_and_store(vm->posting[i].posted, off, size, *val);
	if (done == POSTED_FIRST)
		posted_wake(vm, i);
	return done != POSTED_NOT;
}

void posted_wake(struct vm *vm, unsigned int i)
{
	eventfd_signal_one(vm->posting[i].ctx);
}

void posted_free(struct vm *vm)
{
	struct vm_posting *posting;

	for (posting = vm->posting;
	     posting < vm->posting + VM_MAX_POSTED && posting->posted;
	     posting++) {
		eventfd_ctx_put(posting->ctx);
		__free_page(posting->shown);
		hyp_free(posting->posted, POSTED_SIZE);
	}
}
