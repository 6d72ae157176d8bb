/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the executor. */
#ifndef CORE_ARM_INSN_EXEC_H
#define CORE_ARM_INSN_EXEC_H

#include "core/arm/insn.h"

/*
 * One access of size (1, 2, 4) bytes in the guest's byte order (MemA[] and
 * MemU[] of DDI 0406C). An unaligned access is an alignment fault if aligned or
 * SCTLR.A is set; otherwise it is done byte by byte.
 */
int arm_mem_read(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		 uint32_t va, unsigned int size, bool aligned, uint32_t *val);
int arm_mem_write(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		  uint32_t va, unsigned int size, bool aligned, uint32_t val);

/* Notes an alignment fault at va, and returns ARM_INSN_ALIGN. */
int arm_mem_align_fault(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
			uint32_t va);

/*
 * The value of register n; 15 reads as the instruction's address plus 8 or 4.
 * arm_insn_base() aligns it for a literal.
 */
uint32_t arm_insn_reg(const struct arm_insn_cpu *cpu,
		      const struct arm_insn *insn, unsigned int n);
uint32_t arm_insn_base(const struct arm_insn_cpu *cpu,
		       const struct arm_insn *insn);

/* The base plus or minus the offset. */
uint32_t arm_insn_offset_addr(const struct arm_insn_cpu *cpu,
			      const struct arm_insn *insn);

/*
 * Steps over the instruction, and writes val to the base if it has writeback.
 */
void arm_insn_complete(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		       uint32_t val);

/* Kinds of instructions with a file of their own. */
int arm_exec_multiple(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_srs(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_rfe(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_vfp(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_neon(const struct arm_insn *insn, struct arm_insn_cpu *cpu);

#endif /* CORE_ARM_INSN_EXEC_H */
