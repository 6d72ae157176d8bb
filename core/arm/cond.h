/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conditional execution and stepping over an instruction.
 */
#ifndef CORE_ARM_COND_H
#define CORE_ARM_COND_H

#include "core/arm/cpu.h"
#include "core/arm/hsr.h"
#include "core/arm/vcpu_regs.h"

#define ARM_COND_AL 0xeu

/*
 * Tests the condition cond (0-15) against the flags of cpsr
 * (ConditionPassed()).
 */
bool arm_cond_passed(uint32_t cpsr, unsigned int cond);

/* IT[7:0] of CPSR, and CPSR with another IT. */
unsigned int arm_it_get(uint32_t cpsr);
uint32_t arm_it_set(uint32_t cpsr, unsigned int it);

/* CPSR after a Thumb instruction has completed (ITAdvance()). */
uint32_t arm_it_advance(uint32_t cpsr);

/* arm_hsr_cond_passed() for conditions other than AL. */
bool arm_hsr_cond_tested(uint32_t hsr, uint32_t cpsr);
void arm_skip_thumb_insn(struct arm_regs *regs, bool il4);

/*
 * Whether the trapped instruction passed its condition, from HSR.COND, or from
 * the IT state for a Thumb instruction without it (HSR.CV is 0). True for
 * exception classes without a condition (DDI 0406C, HSR).
 */
static inline bool arm_hsr_cond_passed(uint32_t hsr, uint32_t cpsr)
{
	return (hsr & HSR_CV && HSR_COND(hsr) == ARM_COND_AL) ||
	       arm_hsr_cond_tested(hsr, cpsr);
}

/*
 * Steps over the current instruction, which has four bytes if il4 (HSR.IL),
 * else two: advances PC and the IT state.
 */
static inline void arm_skip_insn(struct arm_regs *regs, bool il4)
{
	if (regs->cpsr & CPSR_T)
		arm_skip_thumb_insn(regs, il4);
	else
		regs->pc += 4;
}

#endif /* CORE_ARM_COND_H */
