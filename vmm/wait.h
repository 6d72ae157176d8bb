/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU waits for an interrupt, or for power.
 */
#ifndef VMM_WAIT_H
#define VMM_WAIT_H

struct vcpu;

/* Waits until the vCPU has something to do; -EINTR at a signal. */
int vcpu_block(struct vcpu *vcpu);

/*
 * Until a vCPU that is off or has powered itself down may run, and so that it
 * starts where it is to: 1, or -EINTR at a signal.
 */
int wait_for_power(struct vcpu *vcpu);

#endif /* VMM_WAIT_H */
