/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an instruction leads: for a debugger that steps with breakpoints, since
 * ARMv7 has no stepping of its own that a hypervisor could use everywhere.
 */
#ifndef CORE_ARM_NEXT_PC_H
#define CORE_ARM_NEXT_PC_H

#include "core/arm/vcpu_regs.h"

struct arm_next {
	uint32_t pc; /* if it raises no exception */
	bool thumb;  /* the state it is in there */
	bool psr;    /* it reads or writes the interrupt masks of CPSR */
	bool ldrex, strex;
	bool branch; /* it may lead elsewhere than to the next instruction */
	uint32_t target; /* where a branch whose condition passes leads */
};

struct arm_next_ops {
	/* size (1, 2 or 4) bytes at va, little-endian; false: none there. */
	bool (*read)(void *arg, uint32_t va, unsigned int size, uint32_t *val);
	void *arg;
};

/*
 * Of the instruction insn of len (2 or 4) bytes at regs->pc, in the state that
 * regs->cpsr says; of a Thumb one of 4 bytes the first halfword is the high one.
 * False: it loads its target from where nothing can be read.
 */
bool arm_next_pc(struct arm_regs *regs, uint32_t insn, uint32_t len,
		 const struct arm_next_ops *ops, struct arm_next *next);

#endif /* CORE_ARM_NEXT_PC_H */
