/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Computes where an instruction leads, for a debugger that steps by
 * breakpoints: ARMv7 has no single-step that a hypervisor could use everywhere.
 */
#ifndef CORE_ARM_NEXT_PC_H
#define CORE_ARM_NEXT_PC_H

#include "core/arm/vcpu_regs.h"

struct arm_next {
	uint32_t pc; /* the next PC, unless the instruction raises an exception */
	bool thumb; /* the instruction set state there */
	bool psr;   /* it reads or writes CPSR's interrupt masks */
	bool ldrex, strex;
	bool branch; /* it may lead elsewhere than to the next instruction */
	uint32_t target; /* where it leads if its condition passes */
};

struct arm_next_ops {
	/*
	 * Reads size (1, 2 or 4) bytes at va, little-endian; false: nothing is
	 * there.
	 */
	bool (*read)(void *arg, uint32_t va, unsigned int size, uint32_t *val);
	void *arg;
};

/*
 * Fills *next for the instruction insn of len (2 or 4) bytes at regs->pc, in
 * the state of regs->cpsr. A 4-byte Thumb instruction has its first halfword in
 * bits 31:16. False: its target is in memory that cannot be read.
 */
bool arm_next_pc(struct arm_regs *regs, uint32_t insn, uint32_t len,
		 const struct arm_next_ops *ops, struct arm_next *next);

#endif /* CORE_ARM_NEXT_PC_H */
