/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses at the guest's virtual addresses, translated by its own tables. In
 * the vCPU's thread; may sleep.
 */
#ifndef VMM_ARM_GUEST_VA_H
#define VMM_ARM_GUEST_VA_H

#include <linux/types.h>

struct arm_fault;
struct vcpu;

/*
 * Reads the instruction at PC. *len is 2 or 4 bytes; a 4-byte Thumb instruction
 * has its first halfword in bits 31:16. False: it cannot be read now; if the
 * guest executes it again, that raises the right fault.
 */
bool guest_va_fetch(struct vcpu *vcpu, u32 *insn, u32 *len);

/*
 * Translates va for an access of ARM_S1_WRITE, _EXEC and _PRIV bits. False:
 * *fault says why it fails.
 */
bool guest_va_translate(struct vcpu *vcpu, u32 va, unsigned int access,
			u64 *ipa, struct arm_fault *fault);

/* Whether the guest's accesses go through the caches. */
bool guest_va_caches_on(const struct vcpu *vcpu);

/*
 * The same as mem_read() and mem_write() at ipa, within one page, but guest and
 * host see the same data even if the guest's caches are off.
 */
int guest_va_read(struct vcpu *vcpu, u64 ipa, void *to, size_t len);
int guest_va_write(struct vcpu *vcpu, u64 ipa, const void *from, size_t len);

/* ARM_S1_PRIV if the vCPU is in a privileged mode, else 0. */
unsigned int guest_va_privilege(const struct vcpu *vcpu);

#endif /* VMM_ARM_GUEST_VA_H */
