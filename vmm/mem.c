// SPDX-License-Identifier: BSD-2-Clause
/*
 * Guest memory: slots, faults, and what the kernel's memory management takes
 * back.
 *
 * A fault looks the page up without mem.lock, and maps it with the lock. If an
 * invalidation began or ended in between (seq, invalidating), it starts over,
 * so that it never maps a page that the kernel has taken away. No page stays
 * pinned.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vmm/arm/mem_arch.h"
#include "vmm/compat.h"
#include "vmm/mem.h"
#include "vmm/vm.h"

static struct vm *mem_vm(struct mmu_notifier *mn)
{
	return container_of(mn, struct vm, mem.mn);
}

static u64 mem_slot_gpa(const struct mem_slot *slot)
{
	return (u64)slot->gfn << PAGE_SHIFT;
}

static u64 mem_slot_len(const struct mem_slot *slot)
{
	return (u64)slot->pages << PAGE_SHIFT;
}

/* A range that is being removed from stage 2. mem.lock is held. */
struct unmapping {
	struct vm *vm;
	bool may_sleep;
	bool any;  /* something was mapped */
	bool owed; /* TLB entries of it are not flushed yet */
};

static void mem_flush_owed(struct unmapping *u)
{
	if (u->owed)
		stage2_flush(&u->vm->mem.stage2);
	u->owed = false;
}

/*
 * Releases the lock for a moment if another task wants the CPU or the lock:
 * removing the guest's 4 GiB takes most of a second.
 */
static void mem_breathe(struct unmapping *u)
{
	spinlock_t *lock = &u->vm->mem.lock;

	if (!u->may_sleep || !(must_resched() || spin_is_contended(lock)))
		return;
	mem_flush_owed(u);
	spin_unlock(lock);
	cond_resched();
	spin_lock(lock);
}

/* Goes table by table, so that others can have the lock in between. */
static void mem_unmap_range(struct unmapping *u, u64 gpa, u64 len)
{
	u64 end = gpa + len, next;

	for (; gpa < end; gpa = next) {
		next = min(end, ALIGN_DOWN(gpa, MEM_ARCH_BLOCK_SIZE) +
					MEM_ARCH_BLOCK_SIZE);
		if (stage2_clear(&u->vm->mem.stage2, gpa, next - gpa))
			u->any = u->owed = true;
		mem_breathe(u);
	}
}

static void mem_unmap_slot(struct unmapping *u, const struct mem_slot *slot)
{
	mem_unmap_range(u, mem_slot_gpa(slot), mem_slot_len(slot));
}

/*
 * Removes from stage 2 all guest memory that [start, end) of the process backs.
 * Returns true if anything was mapped. With may_sleep the lock may be released
 * for a moment. A slot that is changed meanwhile needs nothing from this
 * function: mem_set_slot() unmaps the old range, and nothing is mapped in the
 * new one while vm->mem.invalidating is not zero.
 */
static bool mem_unmap_hva(struct vm *vm, unsigned long start, unsigned long end,
			  bool may_sleep)
{
	struct unmapping u = { .vm = vm, .may_sleep = may_sleep };
	struct mem_slot *slot;

	for (slot = vm->mem.slot; slot < vm->mem.slot + vm->mem.nslots;
	     slot++) {
		u64 from = max_t(u64, start, slot->hva);
		u64 to = min_t(u64, end, slot->hva + mem_slot_len(slot));

		if (from < to)
			mem_unmap_range(&u,
					mem_slot_gpa(slot) + (from - slot->hva),
					to - from);
	}
	mem_flush_owed(&u);
	return u.any;
}

static int mem_invalidate_range_start(struct mmu_notifier *mn,
				      const struct mmu_notifier_range *range)
{
	struct vm *vm = mem_vm(mn);

	spin_lock(&vm->mem.lock);
	vm->mem.invalidating++;
	mem_unmap_hva(vm, range->start, range->end,
		      mmu_notifier_range_blockable(range));
	spin_unlock(&vm->mem.lock);
	return 0;
}

static void mem_invalidate_range_end(struct mmu_notifier *mn,
				     const struct mmu_notifier_range *range)
{
	struct vm *vm = mem_vm(mn);

	spin_lock(&vm->mem.lock);
	vm->mem.seq++;
	vm->mem.invalidating--;
	spin_unlock(&vm->mem.lock);
}

/*
 * Stage 2 is used without an access flag. So a page that is mapped counts as
 * young (lately used), and is unmapped, so that the guest's next use of it
 * faults.
 */
static notifier_young_t mem_clear_flush_young(struct mmu_notifier *mn,
					      struct mm_struct *mm,
					      unsigned long start,
					      unsigned long end)
{
	struct vm *vm = mem_vm(mn);
	bool young;

	spin_lock(&vm->mem.lock);
	/*
	 * A lock of the process's table is held, so this must not sleep. The
	 * range is a page or a block, at most once in each of VM_MAX_MEMSLOTS
	 * slots.
	 */
	young = mem_unmap_hva(vm, start, end, false);
	spin_unlock(&vm->mem.lock);
	return young;
}

/*
 * The process ends, and its memory is freed, even if another process keeps the
 * VM's files open.
 */
static void mem_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	struct vm *vm = mem_vm(mn);
	struct unmapping u = { .vm = vm, .may_sleep = true };

	spin_lock(&vm->mem.lock);
	vm->mem.gone = true;
	mem_unmap_range(&u, 0, SZ_4G);
	mem_flush_owed(&u);
	spin_unlock(&vm->mem.lock);
}

static const struct mmu_notifier_ops mem_notifier_ops = {
	.invalidate_range_start = mem_invalidate_range_start,
	.invalidate_range_end = mem_invalidate_range_end,
	.clear_flush_young = mem_clear_flush_young,
	.release = mem_release,
};

int vm_mem_init(struct vm *vm)
{
	int ret = stage2_init(&vm->mem.stage2);

	if (ret)
		return ret;
	spin_lock_init(&vm->mem.lock);
	seqcount_spinlock_init(&vm->mem.slots, &vm->mem.lock);
	vm->mem.mn.ops = &mem_notifier_ops;
	ret = mmu_notifier_register(&vm->mem.mn, current->mm);
	if (ret)
		stage2_destroy(&vm->mem.stage2);
	return ret;
}

void vm_mem_exit(struct vm *vm)
{
	unsigned int i;

	mmu_notifier_unregister(&vm->mem.mn, vm->mm);
	stage2_destroy(&vm->mem.stage2);
	for (i = 0; i < VM_MAX_MEMSLOTS; i++)
		kvfree(vm->mem.dirty[i]);
}

static bool mem_slot_valid(const struct vm_memory_args *a)
{
	return PAGE_ALIGNED(a->gpa) && PAGE_ALIGNED(a->len) &&
	       PAGE_ALIGNED(a->hva) && a->len && a->len <= SZ_4G &&
	       a->gpa <= SZ_4G - a->len && a->hva < TASK_SIZE &&
	       a->len <= TASK_SIZE - a->hva && !(a->flags & ~VM_MEM_F_READONLY);
}

static bool mem_overlaps_slot(struct vm *vm, const struct vm_memory_args *a)
{
	struct mem_slot *slot;

	for (slot = vm->mem.slot; slot < vm->mem.slot + vm->mem.nslots; slot++)
		if (slot - vm->mem.slot != a->slot && slot->pages &&
		    a->gpa < mem_slot_gpa(slot) + mem_slot_len(slot) &&
		    mem_slot_gpa(slot) < a->gpa + a->len)
			return true;
	return false;
}

void mem_reserve(struct vm *vm, u64 gpa, u64 len)
{
	struct mem_range *range = vm->mem.reserved;

	if (range->len)
		range++;
	*range = (struct mem_range){ gpa, len };
}

bool mem_is_reserved(const struct vm *vm, u64 gpa, u64 len)
{
	const struct mem_range *r;

	for (r = vm->mem.reserved;
	     r < vm->mem.reserved + ARRAY_SIZE(vm->mem.reserved); r++)
		if (gpa < r->gpa + r->len && r->gpa < gpa + len)
			return true;
	return false;
}

unsigned long *mem_set_log(struct vm *vm, unsigned int number,
			   unsigned long *dirty)
{
	struct mem_slot *slot = &vm->mem.slot[number];
	unsigned long *old = vm->mem.dirty[number];

	spin_lock(&vm->mem.lock);
	write_seqcount_begin(&vm->mem.slots);
	slot->flags = (slot->flags & ~MEM_LOGGED) | (dirty ? MEM_LOGGED : 0);
	write_seqcount_end(&vm->mem.slots);
	vm->mem.dirty[number] = dirty;
	/* A fault that is under way has looked at the slot as it was. */
	vm->mem.seq++;
	spin_unlock(&vm->mem.lock);
	return old;
}

int mem_set_slot(struct vm *vm, const struct vm_memory_args *args)
{
	struct unmapping u = { .vm = vm, .may_sleep = true };
	struct mem_slot *slot;

	if (args->slot >= VM_MAX_MEMSLOTS ||
	    (args->len && !mem_slot_valid(args)))
		return -EINVAL;
	if (current->mm != vm->mm)
		return -EPERM;
	if (args->len && (mem_overlaps_slot(vm, args) ||
			  mem_is_reserved(vm, args->gpa, args->len)))
		return -EEXIST;
	slot = &vm->mem.slot[args->slot];
	kvfree(mem_set_log(vm, args->slot, NULL));
	spin_lock(&vm->mem.lock);
	vm->mem.invalidating++;
	mem_unmap_slot(&u, slot);
	/* Removes a page that VM_SHOW_POSTED shows there. */
	if (args->len)
		mem_unmap_range(&u, args->gpa, args->len);
	mem_flush_owed(&u);
	write_seqcount_begin(&vm->mem.slots);
	slot->gfn = args->gpa >> PAGE_SHIFT;
	slot->pages = args->len >> PAGE_SHIFT;
	slot->hva = args->hva;
	slot->flags = args->flags;
	vm->mem.nslots = max(vm->mem.nslots, args->slot + 1);
	write_seqcount_end(&vm->mem.slots);
	/* A fault that is under way has looked at the old slot. */
	vm->mem.seq++;
	vm->mem.invalidating--;
	spin_unlock(&vm->mem.lock);
	return 0;
}

static bool mem_search_slots(const struct vm_mem *mem, u32 gfn,
			     struct mem_slot *found)
{
	const struct mem_slot *slot, *end = mem->slot + mem->nslots;

	for (slot = mem->slot; slot < end; slot++) {
		if (gfn - slot->gfn >= slot->pages)
			continue;
		*found = *slot;
		return true;
	}
	return false;
}

bool mem_find_slot(struct vm *vm, u64 gpa, struct mem_slot *found)
{
	unsigned int seq;
	bool ret;

	do {
		seq = read_seqcount_begin(&vm->mem.slots);
		ret = mem_search_slots(&vm->mem, gpa >> PAGE_SHIFT, found);
	} while (read_seqcount_retry(&vm->mem.slots, seq));
	return ret;
}

/*
 * Makes sure that the next map has enough tables, unless another vCPU takes
 * them.
 */
static int mem_topup(struct vm *vm)
{
	while (READ_ONCE(vm->mem.stage2.nspare) < STAGE2_TABLES_PER_MAP) {
		void *table = stage2_new_table();

		if (!table)
			return -ENOMEM;
		spin_lock(&vm->mem.lock);
		stage2_give(&vm->mem.stage2, table);
		spin_unlock(&vm->mem.lock);
	}
	return 0;
}

/* Maps a page that is not memory. vm->lock is held. 0, -EEXIST, -ENOMEM. */
static int mem_map_device(struct vm *vm, u64 gpa, phys_addr_t pa,
			  enum stage2_kind kind)
{
	struct mem_slot slot;
	int ret;

	if (mem_find_slot(vm, gpa, &slot))
		return -EEXIST;
	do {
		ret = mem_topup(vm);
		if (ret)
			return ret;
		spin_lock(&vm->mem.lock);
		ret = stage2_map(&vm->mem.stage2, gpa, pa, SZ_4K, kind, false);
		spin_unlock(&vm->mem.lock);
		/* A fault has taken the tables meanwhile: try once more. */
	} while (ret == -ENOMEM);
	return ret;
}

static void mem_unmap_device(struct vm *vm, u64 gpa, u64 len)
{
	struct unmapping u = { .vm = vm };

	spin_lock(&vm->mem.lock);
	mem_unmap_range(&u, gpa, len);
	mem_flush_owed(&u);
	spin_unlock(&vm->mem.lock);
}

int mem_map_vgic(struct vm *vm, u64 gpa)
{
	struct mem_slot slot;
	int ret = 0;
	u32 off;

	if (mem_find_slot(vm, gpa + SZ_4K, &slot))
		return -EEXIST;
	for (off = 0; off < SZ_8K && !ret; off += SZ_4K)
		ret = mem_map_device(vm, gpa + off,
				     mem_arch_cpu_interface() + off,
				     STAGE2_DEVICE);
	if (ret)
		mem_unmap_device(vm, gpa, SZ_8K);
	return ret;
}

void mem_unmap_vgic_dir(struct vm *vm, u64 gpa)
{
	mem_unmap_device(vm, gpa + SZ_4K, SZ_4K);
}

int mem_map_shown(struct vm *vm, u64 gpa, struct page *page)
{
	return mem_map_device(vm, gpa, page_to_phys(page), STAGE2_DEVICE_RO);
}

void mem_unmap_shown(struct vm *vm, u64 gpa)
{
	mem_unmap_device(vm, gpa, PAGE_SIZE);
}

/* Whether stage 2 can map the 2 MiB around gfn as one block. */
static bool mem_block_fits(const struct mem_slot *slot, u32 gfn,
			   unsigned long hva)
{
	const u32 pages = MEM_ARCH_BLOCK_SIZE / PAGE_SIZE;
	u32 start = gfn & ~(pages - 1);

	return !((gfn ^ hva >> PAGE_SHIFT) & (pages - 1)) &&
	       start >= slot->gfn && start + pages <= slot->gfn + slot->pages;
}

/* Whether vma is ordinary memory that the process may access in this way. */
static bool mem_is_memory(const struct vm_area_struct *vma, bool write)
{
	return vma && vma->vm_flags & (write ? VM_WRITE : VM_READ) &&
	       !(vma->vm_flags & (VM_IO | VM_PFNMAP | VM_MIXEDMAP));
}

/*
 * Most faults are the first touch of a page. So this function first makes the
 * process fault on the page, and then looks the page up in the process's
 * tables. False: that does not work here, use mem_look_up(). Linux lets the CPU
 * write only to pages that are dirty already, and read only young ones, so
 * neither has to be noted.
 */
static bool mem_fault_in(struct mm_struct *mm, unsigned long hva, bool write,
			 u64 *pa)
{
	unsigned int flags = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE |
			     (write ? FAULT_FLAG_WRITE : 0);
	struct vm_area_struct *vma;
	vm_fault_t fault;
	bool ret = false;

	/*
	 * Notifiers end before the TLBs are flushed, so an old TLB entry could
	 * be found.
	 */
	if (mm_tlb_flush_pending(mm))
		return false;
	mmap_read_lock(mm);
	vma = vma_lookup(mm, hva);
	if (mem_is_memory(vma, write)) {
		fault = handle_mm_fault(vma, hva, flags, NULL);
		if (fault_gave_up_lock(fault))
			return false;
		ret = !(fault & VM_FAULT_ERROR) &&
		      host_va_to_pa(hva, write, pa);
	}
	mmap_read_unlock(mm);
	return ret;
}

/* The slow lookup, which handles all cases and returns the right error. */
static int mem_look_up(unsigned long hva, bool write, u64 *pa)
{
	struct page *page;
	int n = get_user_pages_fast(hva & PAGE_MASK, 1, write ? FOLL_WRITE : 0,
				    &page);

	if (n != 1)
		return n < 0 ? n : -EFAULT;
	*pa = page_to_phys(page);
	/*
	 * The process may have no dirty PTE for it, so the page is marked here.
	 */
	if (write && !PageDirty(page))
		set_page_dirty_lock(page);
	put_page(page);
	return 0;
}

static unsigned long mem_read_seq(struct vm *vm)
{
	unsigned long seq = READ_ONCE(vm->mem.seq);

	/*
	 * Pairs with the lock that mem_invalidate_range_end() takes
	 * (tests/litmus/fault.litmus). Without this barrier a stale page could
	 * be mapped (tests/litmus/fault-no-rmb.litmus).
	 */
	smp_rmb();
	return seq;
}

/*
 * mem.lock is held. A page that was mapped already stays executable: it is the
 * same page, otherwise seq would have changed.
 */
static int mem_map_leaf(struct vm *vm, u32 gpa, u64 pa, u32 size,
			const struct mem_access *access)
{
	struct stage2 *s2 = &vm->mem.stage2;
	bool exec = access->fetch ||
		    (access->mapped && stage2_is_exec(s2, gpa));

	return stage2_map(s2, gpa & ~(size - 1), pa, size,
			  access->write ? STAGE2_RAM : STAGE2_RAM_RO, exec);
}

/* The page is written, or is about to be. mem.lock is held. */
static void mem_note_write(struct vm *vm, u32 gfn)
{
	unsigned int i;

	for (i = 0; i < vm->mem.nslots; i++) {
		u32 page = gfn - vm->mem.slot[i].gfn;

		if (page < vm->mem.slot[i].pages && vm->mem.dirty[i])
			__set_bit(page, vm->mem.dirty[i]);
	}
}

/*
 * As mem_map_leaf(), for a slot whose writes are logged. A page that only must not be
 * written yet becomes writable where it is; a block is split for that.
 */
static int mem_map_logged(struct vm *vm, u32 gfn, u64 pa,
			  const struct mem_access *access)
{
	struct stage2 *s2 = &vm->mem.stage2;
	u32 gpa = gfn << PAGE_SHIFT;
	int ret = stage2_split(s2, gpa);

	if (ret)
		return ret;
	if (access->write && access->mapped &&
	    stage2_maps(s2, gpa, pa, PAGE_SIZE))
		stage2_allow_write(s2, gpa);
	else
		ret = mem_map_leaf(vm, gpa, pa, PAGE_SIZE, access);
	if (!ret && access->write)
		mem_note_write(vm, gfn);
	return ret;
}

/*
 * Whether stage 2 still maps this page, which was cleaned then before it was
 * mapped. Another vCPU's store may have replaced the page by a copy (copy on
 * write) since the abort. If that happens later, seq changes.
 */
static bool mem_still_maps(struct vm *vm, u32 gpa, u64 pa, u32 size)
{
	bool ret;

	spin_lock(&vm->mem.lock);
	ret = stage2_maps(&vm->mem.stage2, gpa, pa, size);
	spin_unlock(&vm->mem.lock);
	return ret;
}

/* seq was read before slot was looked up. */
static int mem_map_page(struct vm *vm, const struct mem_slot *slot,
			unsigned long seq, u32 gfn,
			const struct mem_access *access)
{
	unsigned long hva = slot->hva + ((gfn - slot->gfn) << PAGE_SHIFT);
	u32 size = PAGE_SIZE;
	u64 pa;
	int ret;

	ret = mem_topup(vm);
	if (!ret && !mem_fault_in(vm->mm, hva, access->write, &pa))
		ret = mem_look_up(hva, access->write, &pa);
	if (ret)
		return ret;
	if (!(slot->flags & MEM_LOGGED) && mem_block_fits(slot, gfn, hva) &&
	    mem_arch_maps_block(vm->mm, hva))
		size = MEM_ARCH_BLOCK_SIZE;
	pa &= ~(u64)(size - 1);
	if (!access->mapped || !mem_still_maps(vm, gfn << PAGE_SHIFT, pa, size))
		stage2_clean(pa, size);

	spin_lock(&vm->mem.lock);
	if (vm->mem.gone || vm->mem.invalidating || vm->mem.seq != seq)
		ret = -EAGAIN;
	else if (slot->flags & MEM_LOGGED)
		ret = mem_map_logged(vm, gfn, pa, access);
	else
		ret = mem_map_leaf(vm, gfn << PAGE_SHIFT, pa, size, access);
	spin_unlock(&vm->mem.lock);
	/* Another vCPU has taken the tables: the guest faults again. */
	return ret == -ENOMEM ? -EAGAIN : ret;
}

/*
 * The first fetch from a mapped page. If the page has just gone, nothing
 * happens.
 */
static int mem_allow_fetch(struct vm *vm, u64 gpa)
{
	spin_lock(&vm->mem.lock);
	stage2_allow_exec(&vm->mem.stage2, gpa);
	spin_unlock(&vm->mem.lock);
	return 0;
}

int mem_fault(struct vm *vm, u64 gpa, const struct mem_access *access)
{
	unsigned long seq = mem_read_seq(vm);
	struct mem_slot slot;

	if (!mem_find_slot(vm, gpa, &slot) ||
	    (access->write && slot.flags & VM_MEM_F_READONLY))
		return MEM_NONE;
	if (access->fetch && access->mapped)
		return mem_allow_fetch(vm, gpa);
	return mem_map_page(vm, &slot, seq, gpa >> PAGE_SHIFT, access);
}

void mem_flush_caches(struct vm *vm)
{
	struct mem_slot *slot;
	u64 gpa;

	for (slot = vm->mem.slot; slot < vm->mem.slot + vm->mem.nslots; slot++)
		for (gpa = mem_slot_gpa(slot);
		     gpa < mem_slot_gpa(slot) + mem_slot_len(slot) &&
		     !fatal_signal_pending(current);) {
			spin_lock(&vm->mem.lock);
			gpa += stage2_flush_caches(&vm->mem.stage2, gpa);
			spin_unlock(&vm->mem.lock);
			cond_resched();
		}
}

void mem_clean_page(struct vm *vm, u64 gpa)
{
	struct mem_slot slot;

	if (!mem_find_slot(vm, gpa, &slot))
		return;
	spin_lock(&vm->mem.lock);
	stage2_clean_page(&vm->mem.stage2, gpa);
	spin_unlock(&vm->mem.lock);
}

/*
 * The instruction side sees stores after they are cleaned and the instruction
 * caches are invalidated (DDI 0406C, cache maintenance). They are cleaned to
 * memory, not just to the point of unification, because the guest may execute
 * with its caches off. A page that is not mapped is cleaned when it is mapped.
 */
void mem_sync_code(struct vm *vm, u64 gpa, u64 len)
{
	u64 end = gpa + len;

	for (gpa &= ~(u64)(PAGE_SIZE - 1); gpa < end; gpa += PAGE_SIZE)
		mem_clean_page(vm, gpa);
	stage2_forget_instructions();
}

void mem_reset(struct vm *vm)
{
	struct unmapping u = { .vm = vm, .may_sleep = true };
	struct mem_slot *slot;

	spin_lock(&vm->mem.lock);
	for (slot = vm->mem.slot; slot < vm->mem.slot + vm->mem.nslots; slot++)
		mem_unmap_slot(&u, slot);
	mem_flush_owed(&u);
	spin_unlock(&vm->mem.lock);
}

/* The process's address of [gpa, gpa + len), or NULL. */
static void __user *mem_user_ptr(struct vm *vm, u64 gpa, size_t len, bool write)
{
	struct mem_slot slot;
	u64 off;

	if (!mem_find_slot(vm, gpa, &slot))
		return NULL;
	off = gpa - mem_slot_gpa(&slot);
	if (len > mem_slot_len(&slot) - off ||
	    (write && slot.flags & VM_MEM_F_READONLY))
		return NULL;
	return (void __user *)(unsigned long)(slot.hva + off);
}

int mem_read(struct vm *vm, u64 gpa, void *buf, size_t len)
{
	void __user *from = mem_user_ptr(vm, gpa, len, false);

	return !from || copy_from_user(buf, from, len) ? -EFAULT : 0;
}

/*
 * The host has written a page for the guest, so the note comes after the write:
 * whoever takes the note reads the page after that.
 */
static void mem_log_write(struct vm *vm, u32 gfn)
{
	spin_lock(&vm->mem.lock);
	mem_note_write(vm, gfn);
	spin_unlock(&vm->mem.lock);
}

int mem_write(struct vm *vm, u64 gpa, const void *buf, size_t len)
{
	void __user *to = mem_user_ptr(vm, gpa, len, true);

	if (!to || copy_to_user(to, buf, len))
		return -EFAULT;
	mem_log_write(vm, gpa >> PAGE_SHIFT);
	return 0;
}
