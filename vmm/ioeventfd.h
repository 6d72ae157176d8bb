/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stores of the guest's that end as a signal to an eventfd.
 */
#ifndef VMM_IOEVENTFD_H
#define VMM_IOEVENTFD_H

#include <linux/types.h>
#include <vmm/vmm_dev.h>

struct vm;

/*
 * VM_IOEVENTFD. 0, -EINVAL (fd is no eventfd, too), -EBADF (no file), -EEXIST, -ENOENT,
 * -ENOSPC, -ENOMEM. May sleep.
 */
int ioeventfd_set(struct vm *vm, const struct vm_ioeventfd_args *args);

/*
 * A store of len bytes at gpa: true if an eventfd has got it. Takes no lock;
 * the vCPU's thread, preemptible or not.
 */
bool ioeventfd_signal(struct vm *vm, u64 gpa, u32 len, u64 data);

/* Gives up all of them; no vCPU runs any more. */
void ioeventfd_free(struct vm *vm);

#endif /* VMM_IOEVENTFD_H */
