/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes to PC that select the instruction set.
 */
#ifndef CORE_ARM_BRANCH_H
#define CORE_ARM_BRANCH_H

#include "core/arm/vcpu_regs.h"

/*
 * BXWritePC, Arm ARM A2.3.1: bit 0 of target selects Thumb. A target with
 * bits 1:0 = 0b10 is UNPREDICTABLE and goes to the word below it. Leaves the
 * IT state alone.
 */
void arm_bx_write_pc(struct arm_regs *regs, uint32_t target);

/* BXJ trapped by HSTR.TJDBX: with Jazelle trivial, it is BX Rm. */
void arm_emulate_bxj(struct arm_regs *regs, uint32_t hsr);

#endif /* CORE_ARM_BRANCH_H */
