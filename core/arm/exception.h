/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enters exceptions into the guest as the CPU does (DDI 0406C, exception
 * descriptions). regs->pc is the instruction that causes the exception, except
 * for Supervisor Call.
 */
#ifndef CORE_ARM_EXCEPTION_H
#define CORE_ARM_EXCEPTION_H

#include "core/arm/vcpu_regs.h"

enum arm_fault_type {
	ARM_FAULT_NONE,
	ARM_FAULT_ALIGNMENT,
	ARM_FAULT_TRANSLATION,
	ARM_FAULT_ACCESS_FLAG,
	ARM_FAULT_DOMAIN, /* only in the short-descriptor format */
	ARM_FAULT_PERMISSION,
	ARM_FAULT_EXTERNAL,	 /* synchronous external abort on the access */
	ARM_FAULT_EXTERNAL_WALK, /* the same, on a translation table walk */
	ARM_FAULT_DEBUG,	 /* breakpoint, watchpoint, BKPT */
};

/*
 * What DFSR or IFSR says about a fault. level (1-3; 1-2 with short descriptors)
 * and domain (0-15) are used for the types that have them.
 */
struct arm_fault {
	enum arm_fault_type type;
	unsigned int level;
	unsigned int domain;
	bool write; /* DFSR.WnR; always false for IFSR */
};

/*
 * Decodes HSR's fault status code (6 bits). False for the asynchronous ones,
 * which no instruction causes, and for reserved codes.
 */
bool arm_fault_from_fsc(uint32_t fsc, struct arm_fault *fault);

/*
 * The DFSR or IFSR value of a fault, in the format that TTBCR.EAE of ttbcr
 * selects.
 */
uint32_t arm_fault_fsr(const struct arm_fault *fault, uint32_t ttbcr);

/*
 * Enters Undefined Instruction. sctlr and vbar are the guest's; they are
 * parameters, because HYP reads only these two from the CPU.
 */
void arm_inject_undef(struct arm_regs *regs, uint32_t sctlr, uint32_t vbar);

/*
 * Enters Supervisor Call. regs->pc and the IT state must be past the SVC
 * already, because it returns there.
 */
void arm_inject_svc(struct arm_regs *regs, uint32_t sctlr, uint32_t vbar);

/*
 * Enters Prefetch Abort or Data Abort for address far: sets IFSR and IFAR, or
 * DFSR and DFAR, in cp15.
 */
void arm_inject_pabt(struct arm_regs *regs, struct arm_cp15 *cp15, uint32_t far,
		     const struct arm_fault *fault);
void arm_inject_dabt(struct arm_regs *regs, struct arm_cp15 *cp15, uint32_t far,
		     const struct arm_fault *fault);

#endif /* CORE_ARM_EXCEPTION_H */
