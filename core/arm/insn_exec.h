/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The executor's parts.
 */
#ifndef CORE_ARM_INSN_EXEC_H
#define CORE_ARM_INSN_EXEC_H

#include "core/arm/insn.h"

/*
 * One access of size (1, 2, 4) bytes in the guest's byte order. An unaligned
 * one is an alignment fault where aligned is set or SCTLR.A is, else it is
 * done by bytes: MemA and MemU of Arm ARM B2.4.5.
 */
int arm_mem_read(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		 uint32_t va, unsigned int size, bool aligned, uint32_t *val);
int arm_mem_write(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		  uint32_t va, unsigned int size, bool aligned, uint32_t val);

/* An alignment fault at va; returns ARM_INSN_ALIGN. */
int arm_mem_align_fault(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
			uint32_t va);

/* Register n, 15 reading as A2.3 has it; base: aligned for a literal. */
uint32_t arm_insn_reg(const struct arm_insn_cpu *cpu,
		      const struct arm_insn *insn, unsigned int n);
uint32_t arm_insn_base(const struct arm_insn_cpu *cpu,
		       const struct arm_insn *insn);

/* The base with the offset applied. */
uint32_t arm_insn_offset_addr(const struct arm_insn_cpu *cpu,
			      const struct arm_insn *insn);

/* Steps over the instruction and writes back val to the base if it should. */
void arm_insn_complete(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		       uint32_t val);

/* Kinds in files of their own. */
int arm_exec_multiple(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_srs(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_rfe(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_vfp(const struct arm_insn *insn, struct arm_insn_cpu *cpu);
int arm_exec_neon(const struct arm_insn *insn, struct arm_insn_cpu *cpu);

#endif /* CORE_ARM_INSN_EXEC_H */
