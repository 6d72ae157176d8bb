/* SPDX-License-Identifier: BSD-2-Clause */
/* The run loop of VM_RUN. */
#ifndef VMM_RUN_H
#define VMM_RUN_H

struct vcpu;

/*
 * VM_RUN. vcpu->lock is held. 0: run->exit says why it returned; -EINTR: a
 * signal; -EPERM: not the VM's own process; -EFAULT, -ENOMEM: guest memory
 * cannot be mapped.
 */
int vcpu_run(struct vcpu *vcpu);

#endif /* VMM_RUN_H */
