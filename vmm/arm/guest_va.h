/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's virtual addresses, through its own tables. In the vCPU's thread;
 * may sleep.
 */
#ifndef VMM_ARM_GUEST_VA_H
#define VMM_ARM_GUEST_VA_H

#include <linux/types.h>

struct arm_fault;
struct vcpu;

/*
 * The instruction at PC, len 2 or 4 bytes (of a 4-byte Thumb one the first
 * halfword is the high one). False: not to be had; to run it again will raise
 * what is to be raised.
 */
bool guest_va_fetch(struct vcpu *vcpu, u32 *insn, u32 *len);

/*
 * Where va leads; access: ARM_S1_WRITE, _EXEC and _PRIV. False: fault says why it
 * leads nowhere.
 */
bool guest_va_translate(struct vcpu *vcpu, u32 va, unsigned int access,
			u64 *ipa, struct arm_fault *fault);

/* ARM_S1_PRIV in a privileged mode, or 0. */
unsigned int guest_va_privilege(const struct vcpu *vcpu);

#endif /* VMM_ARM_GUEST_VA_H */
