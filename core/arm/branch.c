/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/branch.h"
#include "core/arm/banked.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"

void arm_bx_write_pc(struct arm_regs *regs, uint32_t target)
{
	if (target & 1) {
		regs->cpsr |= CPSR_T;
		regs->pc = target & ~1u;
	} else {
		regs->cpsr &= ~CPSR_T;
		regs->pc = target & ~3u;
	}
}

/*
 * R15 reads as the instruction's address plus 8 (ARM) or 4 (Thumb); BXJ PC is
 * UNPREDICTABLE.
 */
static uint32_t branch_bxj_target(struct arm_regs *regs, unsigned int m)
{
	if (m == 15)
		return regs->pc + (regs->cpsr & CPSR_T ? 4 : 8);
	return *arm_reg(regs, m);
}

void arm_emulate_bxj(struct arm_regs *regs, uint32_t hsr)
{
	uint32_t target = branch_bxj_target(regs, HSR_BXJ_RM(hsr));

	/* A branch ends the IT block. */
	arm_skip_insn(regs, hsr & HSR_IL);
	arm_bx_write_pc(regs, target);
}
