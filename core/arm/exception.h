/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions raised into the guest, as Arm ARM DDI 0406C B1.8 and B1.9 have
 * the CPU enter them. regs->pc is the instruction that causes the exception,
 * but for Supervisor Call.
 */
#ifndef CORE_ARM_EXCEPTION_H
#define CORE_ARM_EXCEPTION_H

#include "core/arm/vcpu_regs.h"

enum arm_fault_type {
	ARM_FAULT_NONE,
	ARM_FAULT_ALIGNMENT,
	ARM_FAULT_TRANSLATION,
	ARM_FAULT_ACCESS_FLAG,
	ARM_FAULT_DOMAIN, /* short descriptors only */
	ARM_FAULT_PERMISSION,
	ARM_FAULT_EXTERNAL,	 /* synchronous external abort on the access */
	ARM_FAULT_EXTERNAL_WALK, /* the same on a translation table walk */
	ARM_FAULT_DEBUG,	 /* breakpoint, watchpoint, BKPT */
};

/*
 * What DFSR and IFSR tell of a fault. level (1-3, of a long-descriptor walk;
 * 1-2 of a short one) and domain (0-15) count where the type has them.
 */
struct arm_fault {
	enum arm_fault_type type;
	unsigned int level;
	unsigned int domain;
	bool write; /* DFSR.WnR; always false for IFSR */
};

/*
 * The fault that HSR's fault status code (6 bits, B3.13.6) tells of; false for
 * the asynchronous ones, which no instruction has caused, and reserved codes.
 */
bool arm_fault_from_fsc(uint32_t fsc, struct arm_fault *fault);

/*
 * DFSR or IFSR of a fault in the format ttbcr (TTBCR.EAE) selects: B3.13.3,
 * tables B3-23 and B3-24.
 */
uint32_t arm_fault_fsr(const struct arm_fault *fault, uint32_t ttbcr);

/*
 * Undefined Instruction exception. sctlr and vbar are the guest's, so that a
 * caller whose guest's registers are still in the CPU reads just those two.
 */
void arm_inject_undef(struct arm_regs *regs, uint32_t sctlr, uint32_t vbar);

/* Supervisor Call: regs->pc and the IT state are past it, as it returns there. */
void arm_inject_svc(struct arm_regs *regs, uint32_t sctlr, uint32_t vbar);

/*
 * Prefetch Abort at address far, Data Abort on address far: sets IFSR and
 * IFAR, or DFSR and DFAR, of cp15 and enters Abort mode.
 */
void arm_inject_pabt(struct arm_regs *regs, struct arm_cp15 *cp15, uint32_t far,
		     const struct arm_fault *fault);
void arm_inject_dabt(struct arm_regs *regs, struct arm_cp15 *cp15, uint32_t far,
		     const struct arm_fault *fault);

#endif /* CORE_ARM_EXCEPTION_H */
