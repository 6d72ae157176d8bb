/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Others make a vCPU look up.
 */
#ifndef VMM_KICK_H
#define VMM_KICK_H

struct vcpu;

/*
 * After something the vCPU should see has changed (and been made visible by a
 * lock or a barrier): wakes it, or makes it leave the guest. Any context.
 */
void vcpu_kick(struct vcpu *vcpu);

#endif /* VMM_KICK_H */
