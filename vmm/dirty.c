// SPDX-License-Identifier: BSD-2-Clause
/* Starts, reads and ends the log of the pages that a guest writes. */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vmm/dirty.h"
#include "vmm/mem.h"
#include "vmm/vm.h"

/* Pages in a word of VM_GET_DIRTY's bitmap; bit 0 is the first page. */
#define DIRTY_WORD 64u
/* So many pages are handled with one flush of TLBs and one hold of mem.lock. */
#define DIRTY_BATCH 4096u

/* A batch as it goes to user space. */
struct dirty_batch {
	unsigned long bits[DIRTY_BATCH / BITS_PER_LONG];
};

static u32 dirty_ipa(const struct mem_slot *slot, u32 page)
{
	return (slot->gfn + page) << PAGE_SHIFT;
}

/* Makes all pages of the slot read-only, with a flush before mem.lock is released. */
static void dirty_protect(struct vm *vm, const struct mem_slot *slot)
{
	u32 page, n;

	for (page = 0; page < slot->pages; page += n) {
		n = min(slot->pages - page, DIRTY_BATCH);
		spin_lock(&vm->mem.lock);
		if (stage2_forbid_write(&vm->mem.stage2, dirty_ipa(slot, page),
					(u64)n << PAGE_SHIFT))
			stage2_flush(&vm->mem.stage2);
		spin_unlock(&vm->mem.lock);
		cond_resched();
	}
}

static int dirty_begin(struct vm *vm, u32 number)
{
	const struct mem_slot *slot = &vm->mem.slot[number];
	unsigned long *bits;

	if (vm->mem.dirty[number])
		return -EEXIST;
	bits = kvzalloc(DIV_ROUND_UP(slot->pages, DIRTY_WORD) * sizeof(u64),
			GFP_KERNEL_ACCOUNT);
	if (!bits)
		return -ENOMEM;
	mem_set_log(vm, number, bits);
	dirty_protect(vm, slot);
	return 0;
}

/* Unmaps all memory, so that it can be mapped by blocks again instead of pages. */
static int dirty_end(struct vm *vm, u32 number)
{
	if (!vm->mem.dirty[number])
		return -ENOENT;
	kvfree(mem_set_log(vm, number, NULL));
	mem_reset(vm);
	return 0;
}

static bool dirty_has_slot(const struct vm *vm, u32 number)
{
	return number < VM_MAX_MEMSLOTS && vm->mem.slot[number].pages;
}

int dirty_log(struct vm *vm, const struct vm_log_dirty_args *args)
{
	if (!dirty_has_slot(vm, args->slot) || args->on > 1)
		return -EINVAL;
	return args->on ? dirty_begin(vm, args->slot) :
			  dirty_end(vm, args->slot);
}

/* mem.lock is held. True: the caller must flush TLBs before it releases mem.lock. */
static bool dirty_take_word(struct vm *vm, u32 number, u32 page,
			    unsigned long *to)
{
	const struct mem_slot *slot = &vm->mem.slot[number];
	unsigned long *word = &vm->mem.dirty[number][page / BITS_PER_LONG];
	unsigned long rest = *word;
	bool any = false;

	*to = *word;
	*word = 0;
	for (; rest; rest &= rest - 1)
		any |= stage2_forbid_write(&vm->mem.stage2,
					   dirty_ipa(slot, page + __ffs(rest)),
					   PAGE_SIZE);
	return any;
}

static void dirty_take(struct vm *vm, u32 number, u32 first, u32 n,
		       struct dirty_batch *batch)
{
	bool any = false;
	u32 page;

	spin_lock(&vm->mem.lock);
	for (page = 0; page < n; page += BITS_PER_LONG)
		any |= dirty_take_word(vm, number, first + page,
				       &batch->bits[page / BITS_PER_LONG]);
	if (any)
		stage2_flush(&vm->mem.stage2);
	spin_unlock(&vm->mem.lock);
}

/*
 * User space reads these pages next. The guest may have written them past the
 * caches, which may have older data of them. What it writes from now on is noted
 * again.
 */
static void dirty_flush_caches(struct vm *vm, u32 number, u32 first,
			       const struct dirty_batch *batch)
{
	const struct mem_slot *slot = &vm->mem.slot[number];
	u32 i;

	for_each_set_bit(i, batch->bits, DIRTY_BATCH)
		mem_clean_page(vm, dirty_ipa(slot, first + i));
}

/* Marks as written again the pages of a batch that user space did not get. */
static void dirty_give_back(struct vm *vm, u32 number, u32 first, u32 n,
			    const struct dirty_batch *batch)
{
	u32 i;

	spin_lock(&vm->mem.lock);
	for (i = 0; i < DIV_ROUND_UP(n, BITS_PER_LONG); i++)
		vm->mem.dirty[number][first / BITS_PER_LONG + i] |=
			batch->bits[i];
	spin_unlock(&vm->mem.lock);
}

/* The range must be in the slot and consist of whole words, except at its end. */
static bool dirty_range_ok(const struct mem_slot *slot,
			   const struct vm_get_dirty_args *args)
{
	return args->first % DIRTY_WORD == 0 && args->first <= slot->pages &&
	       args->pages <= slot->pages - args->first &&
	       (args->pages % DIRTY_WORD == 0 ||
		args->pages == slot->pages - args->first);
}

static int dirty_get_batch(struct vm *vm, u32 number, u32 first, u32 n,
			   void __user *to)
{
	struct dirty_batch batch = { 0 };

	dirty_take(vm, number, first, n, &batch);
	dirty_flush_caches(vm, number, first, &batch);
	if (!copy_to_user(to, &batch,
			  DIV_ROUND_UP(n, DIRTY_WORD) * sizeof(u64)))
		return 0;
	dirty_give_back(vm, number, first, n, &batch);
	return -EFAULT;
}

int dirty_get(struct vm *vm, const struct vm_get_dirty_args *args)
{
	u8 __user *to = (u8 __user *)(unsigned long)args->bitmap;
	u32 done, n;
	int ret = 0;

	if (!dirty_has_slot(vm, args->slot) || args->pad ||
	    !dirty_range_ok(&vm->mem.slot[args->slot], args))
		return -EINVAL;
	if (!vm->mem.dirty[args->slot])
		return -ENOENT;
	for (done = 0; done < args->pages && !ret; done += n) {
		n = min(args->pages - done, DIRTY_BATCH);
		ret = dirty_get_batch(vm, args->slot, args->first + done, n,
				      to + done / 8);
		cond_resched();
	}
	return ret;
}
