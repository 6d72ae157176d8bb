/* SPDX-License-Identifier: BSD-2-Clause */
/* Kicks: how other threads make a vCPU see a change. */
#ifndef VMM_KICK_H
#define VMM_KICK_H

struct vcpu;

/*
 * Makes the vCPU see a change: wakes it, or makes it leave the guest. The
 * change must be visible already, by a lock or a barrier. Any context.
 */
void vcpu_kick(struct vcpu *vcpu);

#endif /* VMM_KICK_H */
