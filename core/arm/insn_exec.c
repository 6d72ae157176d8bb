/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/insn_exec.h"
#include "core/arm/banked.h"
#include "core/arm/branch.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"

uint32_t arm_insn_reg(const struct arm_insn_cpu *cpu,
		      const struct arm_insn *insn, unsigned int n)
{
	if (n == 15)
		return cpu->regs->pc + (insn->thumb ? 4 : 8);
	return *arm_reg(cpu->regs, n);
}

uint32_t arm_insn_base(const struct arm_insn_cpu *cpu,
		       const struct arm_insn *insn)
{
	uint32_t base = arm_insn_reg(cpu, insn, insn->rn);

	return insn->align4 ? base & ~3u : base;
}

/* Shift(): amounts are 0-31, or 32 for LSR and ASR. */
static uint32_t exec_shifted(uint32_t val, const struct arm_insn *insn,
			     uint32_t cpsr)
{
	unsigned int n = insn->shift_n;

	switch (insn->shift) {
	case 1:
		return n == 32 ? 0 : val >> n;
	case 2:
		return (uint32_t)((int32_t)val >> (n == 32 ? 31 : n));
	case 3:
		return val >> n | val << (32 - n);
	case 4:
		return val >> 1 | (cpsr & CPSR_C ? 1u << 31 : 0);
	}
	return val << n;
}

uint32_t arm_insn_offset_addr(const struct arm_insn_cpu *cpu,
			      const struct arm_insn *insn)
{
	uint32_t base = arm_insn_base(cpu, insn);
	uint32_t offset = insn->imm;

	if (insn->reg_offset)
		offset = exec_shifted(arm_insn_reg(cpu, insn, insn->rm), insn,
				      cpu->regs->cpsr);
	return insn->add ? base + offset : base - offset;
}

void arm_insn_complete(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		       uint32_t val)
{
	arm_skip_insn(cpu->regs, insn->len == 4);
	if (insn->wback)
		*arm_reg(cpu->regs, insn->rn) = val;
}

static void exec_set_reg(struct arm_insn_cpu *cpu, unsigned int n, uint32_t val)
{
	if (n == 15)
		arm_bx_write_pc(cpu->regs, val); /* LoadWritePC() */
	else
		*arm_reg(cpu->regs, n) = val;
}

static uint32_t exec_sign_extend(uint32_t val, unsigned int size)
{
	unsigned int n = 32 - 8 * size;

	return (uint32_t)((int32_t)(val << n) >> n);
}

static int exec_single(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t moved = arm_insn_offset_addr(cpu, insn);
	uint32_t va = insn->index ? moved : arm_insn_base(cpu, insn);
	uint32_t val;
	int result;

	if (insn->load) {
		result = arm_mem_read(cpu, insn, va, insn->size, false, &val);
	} else {
		val = arm_insn_reg(cpu, insn, insn->rt);
		result = arm_mem_write(cpu, insn, va, insn->size, false, val);
	}
	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn, moved);
	if (insn->load)
		exec_set_reg(cpu, insn->rt,
			     insn->sign ? exec_sign_extend(val, insn->size) :
					  val);
	return ARM_INSN_OK;
}

/* The word at the lower address goes to or from Rt, whatever the byte order. */
static int exec_pair(const struct arm_insn *insn, struct arm_insn_cpu *cpu,
		     uint32_t va, uint32_t val[2])
{
	int result;

	if (insn->load) {
		result = arm_mem_read(cpu, insn, va, 4, true, &val[0]);
		if (result == ARM_INSN_OK)
			result = arm_mem_read(cpu, insn, va + 4, 4, true,
					      &val[1]);
		return result;
	}
	result = arm_mem_write(cpu, insn, va, 4, true,
			       arm_insn_reg(cpu, insn, insn->rt));
	if (result == ARM_INSN_OK)
		result = arm_mem_write(cpu, insn, va + 4, 4, true,
				       arm_insn_reg(cpu, insn, insn->rt2));
	return result;
}

static int exec_dual(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t moved = arm_insn_offset_addr(cpu, insn);
	uint32_t va = insn->index ? moved : arm_insn_base(cpu, insn);
	uint32_t val[2];
	int result = exec_pair(insn, cpu, va, val);

	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn, moved);
	if (insn->load) {
		exec_set_reg(cpu, insn->rt, val[0]);
		exec_set_reg(cpu, insn->rt2, val[1]);
	}
	return ARM_INSN_OK;
}

/* A doubleword exclusive must be aligned to eight bytes. */
static int exec_exclusive_access(const struct arm_insn *insn,
				 struct arm_insn_cpu *cpu, uint32_t val[2])
{
	uint32_t va = arm_insn_offset_addr(cpu, insn);

	if (insn->size == 8) {
		if (va & 7)
			return arm_mem_align_fault(cpu, insn, va);
		return exec_pair(insn, cpu, va, val);
	}
	if (insn->load)
		return arm_mem_read(cpu, insn, va, insn->size, true, &val[0]);
	return arm_mem_write(cpu, insn, va, insn->size, true,
			     arm_insn_reg(cpu, insn, insn->rt));
}

static int exec_exclusive(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t val[2];
	int result = exec_exclusive_access(insn, cpu, val);

	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn, 0);
	if (!insn->load) {
		exec_set_reg(cpu, insn->rd, 0);
		return ARM_INSN_OK;
	}
	exec_set_reg(cpu, insn->rt, val[0]);
	if (insn->size == 8)
		exec_set_reg(cpu, insn->rt2, val[1]);
	return ARM_INSN_OK;
}

static int exec_swap(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t va = arm_insn_base(cpu, insn);
	uint32_t val;
	int result;

	result = arm_mem_read(cpu, insn, va, insn->size, true, &val);
	if (result == ARM_INSN_OK)
		result = arm_mem_write(cpu, insn, va, insn->size, true,
				       arm_insn_reg(cpu, insn, insn->rt2));
	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn, 0);
	exec_set_reg(cpu, insn->rt, val);
	return ARM_INSN_OK;
}

static int exec_table_branch(const struct arm_insn *insn,
			     struct arm_insn_cpu *cpu)
{
	uint32_t pc = arm_insn_reg(cpu, insn, 15);
	uint32_t halfwords;
	int result;

	result = arm_mem_read(cpu, insn, arm_insn_offset_addr(cpu, insn),
			      insn->size, false, &halfwords);
	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn, 0);
	cpu->regs->pc = pc + 2 * halfwords;
	return ARM_INSN_OK;
}

/* Without debug, DBGDTRTXint accepts any word and DBGDTRRXint reads as zero. */
static int exec_cp14(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t moved = arm_insn_offset_addr(cpu, insn);
	uint32_t va = insn->index ? moved : arm_insn_base(cpu, insn);
	uint32_t val;
	int result;

	if (insn->load)
		result = arm_mem_read(cpu, insn, va, 4, true, &val);
	else
		result = arm_mem_write(cpu, insn, va, 4, true, 0);
	if (result == ARM_INSN_OK)
		arm_insn_complete(cpu, insn, moved);
	return result;
}

static int exec_hint(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	arm_skip_insn(cpu->regs, insn->len == 4);
	return ARM_INSN_OK;
}

static bool exec_passed(const struct arm_insn *insn, uint32_t cpsr)
{
	unsigned int it = arm_it_get(cpsr);

	if (!insn->thumb)
		return arm_cond_passed(cpsr, insn->cond);
	return it == 0 || arm_cond_passed(cpsr, it >> 4);
}

int arm_insn_execute(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	if (!exec_passed(insn, cpu->regs->cpsr))
		return exec_hint(insn, cpu);
	switch (insn->kind) {
	case ARM_INSN_SINGLE:
		return exec_single(insn, cpu);
	case ARM_INSN_DUAL:
		return exec_dual(insn, cpu);
	case ARM_INSN_MULTIPLE:
		return arm_exec_multiple(insn, cpu);
	case ARM_INSN_EXCLUSIVE:
		return exec_exclusive(insn, cpu);
	case ARM_INSN_SWAP:
		return exec_swap(insn, cpu);
	case ARM_INSN_TABLE_BRANCH:
		return exec_table_branch(insn, cpu);
	case ARM_INSN_SRS:
		return arm_exec_srs(insn, cpu);
	case ARM_INSN_RFE:
		return arm_exec_rfe(insn, cpu);
	case ARM_INSN_CP14:
		return exec_cp14(insn, cpu);
	case ARM_INSN_VFP:
		return arm_exec_vfp(insn, cpu);
	case ARM_INSN_ELEMENTS:
	case ARM_INSN_LANE:
	case ARM_INSN_ALL_LANES:
		return arm_exec_neon(insn, cpu);
	case ARM_INSN_HINT:
		return exec_hint(insn, cpu);
	}
	return ARM_INSN_UNDEF;
}
