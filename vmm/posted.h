/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory: its pages, whom they wake, and what HYP has not
 * answered.
 */
#ifndef VMM_POSTED_H
#define VMM_POSTED_H

#include <linux/mm_types.h>
#include <linux/types.h>
#include <vmm/vmm_dev.h>

#include "core/posted.h"

struct eventfd_ctx;
struct vm;

/* One page of device memory; it stays as it is until its VM goes. */
struct vm_posting {
	struct posted *posted; /* HYP's, too; the page lies behind it */
	struct eventfd_ctx *ctx;
	struct page *shown; /* the guest's, as long as VM_SHOW_POSTED is on */
};

/*
 * VM_POST: the page's number, -EINVAL (fd is no eventfd, too), -EBADF, -EEXIST,
 * -ENXIO, -ENOSPC, -ENOMEM. May sleep.
 */
int posted_add(struct vm *vm, const struct vm_post_args *args);

/* VM_SHOW_POSTED: 0, -EINVAL, -ENOENT, -EEXIST, -ENOMEM. May sleep. */
int posted_show(struct vm *vm, const struct vm_show_posted_args *args);

/* mmap of the VM's file: 0, -EINVAL. */
int posted_mmap(struct vm *vm, struct vm_area_struct *vma);

/*
 * A load or store of size bytes at gpa: true if it is done, *val being what was
 * loaded. The vCPU's thread; takes posted->lock.
 */
bool posted_access(struct vm *vm, u64 gpa, u32 size, bool write, u32 *val);

/* Page i has its first store. The vCPU's thread. */
void posted_wake(struct vm *vm, unsigned int i);

/* Gives up all of them; nothing maps them at stage 2 any more. */
void posted_free(struct vm *vm);

#endif /* VMM_POSTED_H */
