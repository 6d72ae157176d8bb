/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the kernels that vmm.ko is built for differ.
 */
#ifndef VMM_COMPAT_H
#define VMM_COMPAT_H

#include <linux/eventfd.h>
#include <linux/mm.h>
#include <linux/version.h>

/* Adds one to the counter. Any context. */
static inline void eventfd_signal_one(struct eventfd_ctx *ctx)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

/* What handle_mm_fault() returned says that mmap_lock is no longer held. */
static inline bool fault_gave_up_lock(vm_fault_t fault)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0)
	if (fault & VM_FAULT_COMPLETED)
		return true;
#endif
	return fault & VM_FAULT_RETRY;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 14, 0)
/* The mapping that has addr, or NULL; mmap_lock is held. */
static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm,
						unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && addr >= vma->vm_start ? vma : NULL;
}
#endif

#endif /* VMM_COMPAT_H */
