/* SPDX-License-Identifier: BSD-2-Clause */
/* ioeventfds: stores of the guest that signal an eventfd. */
#ifndef VMM_IOEVENTFD_H
#define VMM_IOEVENTFD_H

#include <linux/types.h>
#include <vmm/vmm_dev.h>

struct vm;

/* Called when the VM is made. -ENOMEM. */
int ioeventfd_init(struct vm *vm);

/*
 * VM_IOEVENTFD. 0, -EINVAL (also: fd is no eventfd), -EBADF (no file), -EEXIST,
 * -ENOENT, -ENOSPC, -ENOMEM. Takes vm->lock; may sleep.
 */
int ioeventfd_set(struct vm *vm, const struct vm_ioeventfd_args *args);

/*
 * The guest stores len bytes at gpa. True: an eventfd was signalled, and the
 * store is complete. The vCPU's thread; takes no lock, never sleeps.
 */
bool ioeventfd_signal(struct vm *vm, u64 gpa, u32 len, u64 data);

/* Drops all ioeventfds. No vCPU runs any more. */
void ioeventfd_free(struct vm *vm);

#endif /* VMM_IOEVENTFD_H */
