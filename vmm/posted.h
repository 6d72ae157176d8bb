/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posted device memory: its pages, the eventfds they signal, and the accesses
 * that HYP does not answer.
 */
#ifndef VMM_POSTED_H
#define VMM_POSTED_H

#include <linux/mm_types.h>
#include <linux/types.h>
#include <vmm/vmm_dev.h>

#include "core/posted.h"

struct eventfd_ctx;
struct vm;

/* One posted page; constant until its VM goes. */
struct vm_posting {
	/* shared with HYP; the page for user space follows it */
	struct posted *posted;
	struct eventfd_ctx *ctx;
	struct page *shown; /* what VM_SHOW_POSTED shows the guest */
};

/*
 * VM_POST. Returns the page's number, -EINVAL (also: fd is no eventfd), -EBADF,
 * -EEXIST, -ENXIO, -ENOSPC or -ENOMEM. Takes vm->lock; may sleep.
 */
int posted_add(struct vm *vm, const struct vm_post_args *args);

/*
 * VM_SHOW_POSTED. 0, -EINVAL, -ENOENT, -EEXIST, -ENOMEM. Takes vm->lock; may
 * sleep.
 */
int posted_show(struct vm *vm, const struct vm_show_posted_args *args);

/* mmap() of the VM's file. 0, or -EINVAL: no such page. */
int posted_mmap(struct vm *vm, struct vm_area_struct *vma);

/*
 * The guest loads or stores size bytes at gpa. True: the access is complete;
 * *val is the value stored, or the one loaded. The vCPU's thread; takes
 * posted->lock.
 */
bool posted_access(struct vm *vm, u64 gpa, u32 size, bool write, u32 *val);

/*
 * Signals the eventfd of page i: its queue has a first store. The vCPU's
 * thread.
 */
void posted_wake(struct vm *vm, unsigned int i);

/* Frees all pages. Stage 2 does not map them any more. */
void posted_free(struct vm *vm);

#endif /* VMM_POSTED_H */
