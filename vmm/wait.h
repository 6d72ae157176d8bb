/* SPDX-License-Identifier: BSD-2-Clause */
/* A vCPU waits for an interrupt, or for power. */
#ifndef VMM_WAIT_H
#define VMM_WAIT_H

struct vcpu;

/*
 * Sleeps until the vCPU has something to do; 0, or -EINTR for a signal. The
 * vCPU's thread.
 */
int vcpu_block(struct vcpu *vcpu);

/*
 * Waits until a vCPU that is off, or has powered itself down, may run, and
 * resets it. Returns 1, or -EINTR for a signal. The vCPU's thread.
 */
int wait_for_power(struct vcpu *vcpu);

#endif /* VMM_WAIT_H */
