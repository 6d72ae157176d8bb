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

/* The condition (0-15) against the flags of cpsr: Arm ARM A8.3.1. */
bool arm_cond_passed(uint32_t cpsr, unsigned int cond);

/* IT[7:0] of CPSR, and CPSR with another IT. */
unsigned int arm_it_get(uint32_t cpsr);
uint32_t arm_it_set(uint32_t cpsr, unsigned int it);

/* CPSR after a Thumb instruction completed: ITAdvance(), A2.5.2. */
uint32_t arm_it_advance(uint32_t cpsr);

/* The general case of the next two. */
bool arm_hsr_cond_tested(uint32_t hsr, uint32_t cpsr);
void arm_skip_thumb_insn(struct arm_regs *regs, bool il4);

/*
 * Would the trapped instruction have executed? From HSR.COND, or for a Thumb
 * one without it (HSR.CV is 0) from the IT state; true for exception classes
 * that have no condition. B3.13.6.
 */
static inline bool arm_hsr_cond_passed(uint32_t hsr, uint32_t cpsr)
{
	return (hsr & HSR_CV && HSR_COND(hsr) == ARM_COND_AL) ||
	       arm_hsr_cond_tested(hsr, cpsr);
}

/*
 * Steps over the current instruction, of four bytes if il4 (HSR.IL) and of
 * two if not: PC and IT state.
 */
static inline void arm_skip_insn(struct arm_regs *regs, bool il4)
{
	if (regs->cpsr & CPSR_T)
		arm_skip_thumb_insn(regs, il4);
	else
		regs->pc += 4;
}

#endif /* CORE_ARM_COND_H */
