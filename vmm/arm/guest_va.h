/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's virtual addresses, through its own tables. In the vCPU's thread;
 * may sleep.
 */
#ifndef VMM_ARM_GUEST_VA_H
#define VMM_ARM_GUEST_VA_H

#include <linux/types.h>

struct vcpu;

/*
 * The instruction at PC, len 2 or 4 bytes (of a 4-byte Thumb one the first
 * halfword is the high one). False: not to be had; to run it again will raise
 * what is to be raised.
 */
bool guest_va_fetch(struct vcpu *vcpu, u32 *insn, u32 *len);

/*
 * Carries out the load or store at PC that reaches the GIC's distributor and
 * whose syndrome does not describe it. As exit_*() return.
 */
int guest_va_emulate(struct vcpu *vcpu);

#endif /* VMM_ARM_GUEST_VA_H */
