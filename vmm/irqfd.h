/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eventfds whose signals are interrupts of the guest's.
 */
#ifndef VMM_IRQFD_H
#define VMM_IRQFD_H

#include "vmm/vm.h"

/*
 * VM_IRQFD. 0, -EINVAL, -EBADF, -ENXIO (no vGIC), -EEXIST, -ENOENT, -ENOSPC,
 * -ENOMEM. May sleep.
 */
int irqfd_set(struct vm *vm, const struct vm_irqfd_args *args);

/*
 * Tells resamplefds of interrupts that the guest has ended. In a vCPU's
 * thread, interrupts on, no lock of the VM's held.
 */
void irqfd_signal_resample(struct vm *vm);
static inline void irqfd_resample(struct vm *vm)
{
	if (READ_ONCE(vm->holders.any_resample))
		irqfd_signal_resample(vm);
}

/* Gives up all of them. */
void irqfd_free(struct vm *vm);

#endif /* VMM_IRQFD_H */
