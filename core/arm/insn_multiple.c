/* SPDX-License-Identifier: BSD-2-Clause */
/* Executes all forms of LDM and STM, SRS and RFE. */
#include "core/arm/insn_exec.h"
#include "core/arm/banked.h"
#include "core/arm/branch.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"

/* __builtin_popcount() would call libgcc, which is not there. */
static unsigned int insn_multiple_count_bits(uint16_t list)
{
	unsigned int n = 0;

	for (; list; list &= list - 1)
		n++;
	return n;
}

/* The lowest address that is accessed: IA, IB, DA, DB. */
static uint32_t insn_multiple_lowest(const struct arm_insn *insn, uint32_t base,
				     unsigned int words)
{
	uint32_t va = insn->add ? base : base - 4 * words;

	return insn->before == insn->add ? va + 4 : va;
}

static uint32_t insn_multiple_base_after(const struct arm_insn *insn,
					 uint32_t base, unsigned int words)
{
	return insn->add ? base + 4 * words : base - 4 * words;
}

static bool insn_multiple_has_spsr(const struct arm_insn_cpu *cpu)
{
	return arm_spsr(cpu->regs, cpu->regs->cpsr);
}

static bool insn_multiple_is_exception_return(const struct arm_insn *insn)
{
	return insn->caret && insn->load && (insn->list & 0x8000);
}

/*
 * Whether an exception return may load this CPSR. One that a guest cannot have
 * (Hyp or Monitor mode, Jazelle, ThumbEE) is UNPREDICTABLE.
 */
static bool insn_multiple_return_ok(uint32_t cpsr)
{
	return arm_mode_valid(cpsr) && !(cpsr & CPSR_J);
}

static void insn_multiple_exception_return(struct arm_regs *regs, uint32_t cpsr,
					   uint32_t pc)
{
	regs->cpsr = cpsr;
	regs->pc = pc & (cpsr & CPSR_T ? ~1u : ~3u);
}

/* The register for a bit of the list; with ^ it is User mode's. */
static uint32_t *insn_multiple_listed(struct arm_insn_cpu *cpu,
				      const struct arm_insn *insn,
				      unsigned int n)
{
	if (insn->caret && !insn_multiple_is_exception_return(insn))
		return arm_reg_mode(cpu->regs, ARM_MODE_USR, n);
	return arm_reg(cpu->regs, n);
}

static int insn_multiple_transfer(const struct arm_insn *insn,
				  struct arm_insn_cpu *cpu, uint32_t va,
				  uint32_t val[16])
{
	unsigned int n;
	int result;

	for (n = 0; n < 16; n++) {
		if (!(insn->list & (1u << n)))
			continue;
		if (insn->load) {
			result = arm_mem_read(cpu, insn, va, 4, true, &val[n]);
		} else {
			uint32_t word =
				n == 15 ? arm_insn_reg(cpu, insn, 15) :
					  *insn_multiple_listed(cpu, insn, n);

			result = arm_mem_write(cpu, insn, va, 4, true, word);
		}
		if (result != ARM_INSN_OK)
			return result;
		va += 4;
	}
	return ARM_INSN_OK;
}

/*
 * Writes the loaded registers, over a base that was written back. PC comes
 * last.
 */
static void insn_multiple_commit(const struct arm_insn *insn,
				 struct arm_insn_cpu *cpu,
				 const uint32_t val[16])
{
	unsigned int n;

	for (n = 0; n < 15; n++)
		if (insn->list & (1u << n))
			*insn_multiple_listed(cpu, insn, n) = val[n];
	if (!(insn->list & 0x8000))
		return;
	if (insn->caret)
		insn_multiple_exception_return(
			cpu->regs, *arm_spsr(cpu->regs, cpu->regs->cpsr),
			val[15]);
	else
		arm_bx_write_pc(cpu->regs, val[15]);
}

static bool insn_multiple_multiple_ok(const struct arm_insn *insn,
				      const struct arm_insn_cpu *cpu)
{
	if (!insn->caret)
		return true;
	if (!insn_multiple_has_spsr(
		    cpu)) /* User and System mode have no SPSR */
		return false;
	return !insn_multiple_is_exception_return(insn) ||
	       insn_multiple_return_ok(*arm_spsr(cpu->regs, cpu->regs->cpsr));
}

int arm_exec_multiple(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t base = arm_insn_base(cpu, insn);
	unsigned int words = insn_multiple_count_bits(insn->list);
	uint32_t val[16];
	int result;

	if (!insn_multiple_multiple_ok(insn, cpu))
		return ARM_INSN_UNDEF;
	result = insn_multiple_transfer(
		insn, cpu, insn_multiple_lowest(insn, base, words), val);
	if (result != ARM_INSN_OK)
		return result;
	arm_insn_complete(cpu, insn,
			  insn_multiple_base_after(insn, base, words));
	if (insn->load)
		insn_multiple_commit(insn, cpu, val);
	return ARM_INSN_OK;
}

/* SRS stores LR and SPSR of the current mode to the stack of another mode. */
int arm_exec_srs(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t *sp = arm_reg_mode(cpu->regs, insn->mode, 13);
	uint32_t va = insn_multiple_lowest(insn, *sp, 2);
	int result;

	if (!insn_multiple_has_spsr(cpu) || !arm_mode_valid(insn->mode))
		return ARM_INSN_UNDEF;
	result = arm_mem_write(cpu, insn, va, 4, true,
			       arm_insn_reg(cpu, insn, 14));
	if (result == ARM_INSN_OK)
		result = arm_mem_write(cpu, insn, va + 4, 4, true,
				       *arm_spsr(cpu->regs, cpu->regs->cpsr));
	if (result != ARM_INSN_OK)
		return result;
	if (insn->wback)
		*sp = insn_multiple_base_after(insn, *sp, 2);
	arm_skip_insn(cpu->regs, insn->len == 4);
	return ARM_INSN_OK;
}

int arm_exec_rfe(const struct arm_insn *insn, struct arm_insn_cpu *cpu)
{
	uint32_t base = arm_insn_base(cpu, insn);
	uint32_t va = insn_multiple_lowest(insn, base, 2);
	uint32_t pc, cpsr;
	int result;

	if (!arm_mode_priv(cpu->regs->cpsr))
		return ARM_INSN_UNDEF;
	result = arm_mem_read(cpu, insn, va, 4, true, &pc);
	if (result == ARM_INSN_OK)
		result = arm_mem_read(cpu, insn, va + 4, 4, true, &cpsr);
	if (result != ARM_INSN_OK)
		return result;
	if (!insn_multiple_return_ok(cpsr))
		return ARM_INSN_UNDEF;
	arm_insn_complete(cpu, insn, insn_multiple_base_after(insn, base, 2));
	insn_multiple_exception_return(cpu->regs, cpsr, pc);
	return ARM_INSN_OK;
}
