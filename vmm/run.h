/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VM_RUN.
 */
#ifndef VMM_RUN_H
#define VMM_RUN_H

struct vcpu;

/*
 * VM_RUN, with vcpu->lock held. 0: run->exit tells why. -EINTR: a signal;
 * -EPERM: not the VM's own process; else what mapping its memory returned.
 */
int vcpu_run(struct vcpu *vcpu);

#endif /* VMM_RUN_H */
