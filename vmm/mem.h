/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest memory: slots of the process's own address space, mapped at stage 2 on
 * first touch and unmapped when the kernel's memory management says so.
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

/* Guest memory has addresses below 4 GiB. */
struct mem_slot {
	u32 gfn;   /* of its first page: GPA[39:12] */
	u32 pages; /* 0: free */
	unsigned long hva;
	u32 flags; /* VM_MEM_F_* */
};

/* An empty one has no address in it. */
struct mem_range {
	u64 gpa;
	u64 len;
};

struct vm_mem {
	struct mmu_notifier mn;
	struct mem_slot slot[VM_MAX_MEMSLOTS]; /* vm->lock and lock to write */
	unsigned int nslots;	   /* all from here on are free; as slot */
	seqcount_spinlock_t slots; /* slot and nslots, for who has no lock */
	spinlock_t lock;	   /* stage2, seq, invalidating */
	unsigned long seq;	   /* invalidations that have ended */
	unsigned int invalidating; /* under way */
	bool gone;		   /* the address space is */
	struct stage2 stage2;
	struct mem_range reserved[2]; /* vm->lock */
};

int vm_mem_init(struct vm *vm);
void vm_mem_exit(struct vm *vm);

/* VM_SET_MEMORY with vm->lock held. */
int mem_set_slot(struct vm *vm, const struct vm_memory_args *args);

/*
 * A copy of the slot that has gpa, below 2^40; false: none. Any context that
 * may take mem.lock; takes no lock.
 */
bool mem_find_slot(struct vm *vm, u64 gpa, struct mem_slot *slot);

/*
 * No slot and nothing posted may be in [gpa, gpa + len) from now on: the vGIC is
 * there. With vm->lock held, twice in a VM's life. And whether that holds of some
 * of a range.
 */
void mem_reserve(struct vm *vm, u64 gpa, u64 len);
bool mem_is_reserved(const struct vm *vm, u64 gpa, u64 len);

/* Maps the vGIC's CPU interface (8 KiB) with vm->lock held. -EEXIST, -ENOMEM. */
int mem_map_vgic(struct vm *vm, u64 gpa);

/*
 * Maps page at gpa, below 4 GiB and where no memory slot is, as a device that
 * the guest can only read; and unmaps it. With vm->lock held; may sleep.
 * -EEXIST, -ENOMEM.
 */
int mem_map_shown(struct vm *vm, u64 gpa, struct page *page);
void mem_unmap_shown(struct vm *vm, u64 gpa);

/* What the guest did at an address of its memory, and met. */
struct mem_access {
	bool write;
	bool fetch;  /* of an instruction */
	bool mapped; /* it is mapped, but not for this access */
};

/*
 * Maps the page that the guest touched at gpa, cleaned to memory; it may fetch
 * from a page that it has fetched from. May sleep, in the VM's own process. 0,
 * -EFAULT, -ENOMEM, -EAGAIN; MEM_NONE: no slot is there, or it was a store to
 * one that is read-only.
 */
#define MEM_NONE 1
int mem_fault(struct vm *vm, u64 gpa, const struct mem_access *access);

/*
 * Guest memory as the process sees it; in the VM's own process, may sleep.
 * -EFAULT where no slot or no page is.
 */
int mem_read(struct vm *vm, u64 gpa, void *buf, size_t len);
int mem_write(struct vm *vm, u64 gpa, const void *buf, size_t len);

/*
 * Takes all of the slots out of stage 2: the guest's next touch of a page finds
 * it as a guest whose caches are off must (mem_fault()). vm->lock is held.
 */
void mem_reset(struct vm *vm);

/*
 * Cleans and invalidates the data caches of all memory mapped at stage 2, to
 * the point of coherency. May sleep.
 */
void mem_flush_caches(struct vm *vm);

/*
 * Cleans the data caches of what is mapped at stage 2 of [gpa, gpa + len), and
 * invalidates the instruction caches of all CPUs. As above.
 */
void mem_sync_code(struct vm *vm, u64 gpa, u64 len);

#endif /* VMM_MEM_H */
