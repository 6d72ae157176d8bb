/* SPDX-License-Identifier: BSD-2-Clause */
/* irqfds: eventfds whose signals are interrupts of the guest. */
#ifndef VMM_IRQFD_H
#define VMM_IRQFD_H

#include "vmm/vm.h"

/*
 * VM_IRQFD. 0, -EINVAL, -EBADF, -ENXIO (no vGIC), -EEXIST, -ENOENT, -ENOSPC,
 * -ENOMEM. Takes irqfd_lock; may sleep.
 */
int irqfd_set(struct vm *vm, const struct vm_irqfd_args *args);

/*
 * Signals the resamplefds of interrupts that the guest has ended. The vCPU's
 * thread, interrupts on, no lock of the VM held; may sleep.
 */
void irqfd_signal_resample(struct vm *vm);
static inline void irqfd_resample(struct vm *vm)
{
	if (READ_ONCE(vm->holders.any_resample))
		irqfd_signal_resample(vm);
}

/* Drops all irqfds, when the VM is freed. */
void irqfd_free(struct vm *vm);

#endif /* VMM_IRQFD_H */
