/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest memory: slots of the process's address space. A page is mapped at stage
 * 2 on first touch, and unmapped when the kernel's memory management asks for
 * it.
 */
#ifndef VMM_MEM_H
#define VMM_MEM_H

#include <linux/mmu_notifier.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <vmm/vmm_dev.h>

#include "vmm/arm/stage2.h"

struct vm;
struct vcpu;

/* A slot; all of it is below 4 GiB of guest-physical address space. */
struct mem_slot {
	u32 gfn;   /* GPA[39:12] of its first page */
	u32 pages; /* 0: free */
	unsigned long hva;
	u32 flags; /* VM_MEM_F_*, MEM_LOGGED */
};
#define MEM_LOGGED (1u << 31) /* vm_mem.dirty[] has a bitmap for it */

/* A range of guest-physical addresses; len 0 contains none. */
struct mem_range {
	u64 gpa;
	u64 len;
};

struct vm_mem {
	struct mmu_notifier mn;
	/* written with vm->lock and lock held */
	struct mem_slot slot[VM_MAX_MEMSLOTS];
	/* slots from here on are free; written as slot */
	unsigned int nslots;
	/*
	 * For each slot, a bit for each page that was written since the last
	 * look (dirty.h), or NULL. Pointers and bits are written with lock held.
	 */
	unsigned long *dirty[VM_MAX_MEMSLOTS];
	/* protects slot and nslots for readers without a lock */
	seqcount_spinlock_t slots;
	spinlock_t lock;   /* protects stage2, seq, invalidating, gone */
	unsigned long seq; /* number of invalidations that have ended */
	unsigned int invalidating; /* number of invalidations under way */
	bool gone;		   /* the process's address space is gone */
	struct stage2 stage2;
	struct mem_range reserved[2]; /* under vm->lock */
};

int vm_mem_init(struct vm *vm);
void vm_mem_exit(struct vm *vm);

/* VM_SET_MEMORY. vm->lock is held; may sleep. 0, -EINVAL, -EPERM, -EEXIST. */
int mem_set_slot(struct vm *vm, const struct vm_memory_args *args);

/*
 * From now on, notes the written pages of a slot (its number) in the bitmap dirty;
 * with NULL, notes them no longer. Returns the slot's old bitmap, which nobody
 * uses any more. vm->lock is held.
 */
unsigned long *mem_set_log(struct vm *vm, unsigned int number,
			   unsigned long *dirty);

/*
 * Copies the slot that contains gpa (below 2^40); false: there is none. Takes
 * no lock; any context in which mem.lock may be taken.
 */
bool mem_find_slot(struct vm *vm, u64 gpa, struct mem_slot *slot);

/*
 * mem_reserve() keeps slots and posted pages out of [gpa, gpa + len), where the
 * vGIC is. It may be called at most twice for each VM. mem_is_reserved() says whether
 * [gpa, gpa + len) overlaps a reserved range. vm->lock is held.
 */
void mem_reserve(struct vm *vm, u64 gpa, u64 len);
bool mem_is_reserved(const struct vm *vm, u64 gpa, u64 len);

/*
 * Maps the GIC's virtual CPU interface (8 KiB) at gpa. vm->lock is held; may
 * sleep. 0, -EEXIST, -ENOMEM.
 */
int mem_map_vgic(struct vm *vm, u64 gpa);

/*
 * Unmaps the second page of that interface, which has only GICC_DIR. Takes
 * mem.lock; process context.
 */
void mem_unmap_vgic_dir(struct vm *vm, u64 gpa);

/*
 * Maps page at gpa as a read-only device, and unmaps it. gpa is below 4 GiB.
 * vm->lock is held; may sleep. 0, -EEXIST (a memory slot is there), -ENOMEM.
 */
int mem_map_shown(struct vm *vm, u64 gpa, struct page *page);
void mem_unmap_shown(struct vm *vm, u64 gpa);

/* An access of the guest to its memory that has faulted. */
struct mem_access {
	bool write;
	bool fetch; /* an instruction fetch */
	bool mapped; /* the page is mapped, but without the right to this access */
};

/*
 * Maps the page at gpa that the guest has accessed, after cleaning it; it
 * becomes executable if the access was a fetch. The vCPU's thread; may sleep.
 * 0, -EFAULT, -ENOMEM; -EAGAIN: the guest faults again; MEM_NONE: no slot is
 * there, or it is a store to a read-only one.
 */
#define MEM_NONE 1
int mem_fault(struct vm *vm, u64 gpa, const struct mem_access *access);

/*
 * Copy guest memory as the process sees it. A thread of the VM's own process;
 * may sleep. 0; -EFAULT: no slot or no page is there.
 */
int mem_read(struct vm *vm, u64 gpa, void *buf, size_t len);
int mem_write(struct vm *vm, u64 gpa, const void *buf, size_t len);

/*
 * Cleans and invalidates the page at gpa in the data caches, to the point of
 * coherency, if stage 2 maps it. Any context in which mem.lock may be taken.
 */
void mem_clean_page(struct vm *vm, u64 gpa);

/*
 * Unmaps all slots at stage 2, so that each page is cleaned again at its next
 * touch, as a guest whose caches are off needs it. vm->lock is held.
 */
void mem_reset(struct vm *vm);

/*
 * Cleans and invalidates all memory that is mapped at stage 2, to the point of
 * coherency. May sleep.
 */
void mem_flush_caches(struct vm *vm);

/*
 * Cleans what is mapped of [gpa, gpa + len), and invalidates the instruction
 * caches of all CPUs. gpa + len is at most 4 GiB. May sleep.
 */
void mem_sync_code(struct vm *vm, u64 gpa, u64 len);

#endif /* VMM_MEM_H */
