/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/insn_exec.h"
#include "core/arm/cpu.h"

static bool insn_mem_big_endian(const struct arm_insn_cpu *cpu)
{
	return cpu->regs->cpsr & CPSR_E;
}

static uint32_t insn_mem_swap_bytes(uint32_t val, unsigned int size)
{
	return __builtin_bswap32(val) >> (32 - 8 * size);
}

static int insn_mem_fault(struct arm_insn_cpu *cpu, uint32_t va, bool write,
			  int result)
{
	if (result != ARM_INSN_OK) {
		cpu->fault_va = va;
		cpu->fault_write = write;
	}
	return result;
}

int arm_mem_align_fault(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
			uint32_t va)
{
	return insn_mem_fault(cpu, va, !insn->load, ARM_INSN_ALIGN);
}

static int insn_mem_read_one(struct arm_insn_cpu *cpu,
			     const struct arm_insn *insn, uint32_t va,
			     unsigned int size, uint32_t *val)
{
	*val = 0;
	return insn_mem_fault(cpu, va, false,
			      cpu->ops->read(cpu->arg, va, size, insn->unpriv,
					     val));
}

static int insn_mem_write_one(struct arm_insn_cpu *cpu,
			      const struct arm_insn *insn, uint32_t va,
			      unsigned int size, uint32_t val)
{
	return insn_mem_fault(cpu, va, true,
			      cpu->ops->write(cpu->arg, va, size, insn->unpriv,
					      val));
}

static int insn_mem_read_bytes(struct arm_insn_cpu *cpu,
			       const struct arm_insn *insn, uint32_t va,
			       unsigned int size, uint32_t *val)
{
	unsigned int i;
	uint32_t byte;
	int result;

	*val = 0;
	for (i = 0; i < size; i++) {
		result = insn_mem_read_one(cpu, insn, va + i, 1, &byte);
		if (result != ARM_INSN_OK)
			return result;
		*val |= (byte & 0xff) << (8 * i);
	}
	return ARM_INSN_OK;
}

static int insn_mem_write_bytes(struct arm_insn_cpu *cpu,
				const struct arm_insn *insn, uint32_t va,
				unsigned int size, uint32_t val)
{
	unsigned int i;
	int result;

	for (i = 0; i < size; i++) {
		result = insn_mem_write_one(cpu, insn, va + i, 1,
					    (val >> (8 * i)) & 0xff);
		if (result != ARM_INSN_OK)
			return result;
	}
	return ARM_INSN_OK;
}

int arm_mem_read(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		 uint32_t va, unsigned int size, bool aligned, uint32_t *val)
{
	int result;

	if (!(va & (size - 1)))
		result = insn_mem_read_one(cpu, insn, va, size, val);
	else if (aligned || (cpu->sctlr & SCTLR_A))
		result = insn_mem_fault(cpu, va, false, ARM_INSN_ALIGN);
	else
		result = insn_mem_read_bytes(cpu, insn, va, size, val);
	if (insn_mem_big_endian(cpu))
		*val = insn_mem_swap_bytes(*val, size);
	return result;
}

int arm_mem_write(struct arm_insn_cpu *cpu, const struct arm_insn *insn,
		  uint32_t va, unsigned int size, bool aligned, uint32_t val)
{
	if (insn_mem_big_endian(cpu))
		val = insn_mem_swap_bytes(val, size);
	else
		val &= 0xffffffffu >> (32 - 8 * size);
	if (!(va & (size - 1)))
		return insn_mem_write_one(cpu, insn, va, size, val);
	if (aligned || (cpu->sctlr & SCTLR_A))
		return insn_mem_fault(cpu, va, true, ARM_INSN_ALIGN);
	return insn_mem_write_bytes(cpu, insn, va, size, val);
}
