/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The coprocessor registers as state: lists, reads and sets them for user space,
 * and resets them.
 */
#include "core/arm/cp15_value.h"
#include "core/arm/cpu.h"

#define MPIDR_RES1 (1u << 31) /* Multiprocessing Extensions format */

/*
 * Registers with state of their own, and the ID registers, which a restored VM
 * must find equal.
 */
static bool cp15_state_listed(const struct arm_cp_reg *reg)
{
	return reg->kind != ARM_CP_CONST && !(reg->flags & ARM_CP_ALIAS);
}

uint32_t arm_cp15_list(unsigned int i)
{
	unsigned int n;

	for (n = 0; n < arm_cp_table_size; n++)
		if (cp15_state_listed(&arm_cp_table[n]) && i-- == 0)
			return arm_cp_table[n].id;
	return 0;
}

static const struct arm_cp_reg *cp15_state_find(uint32_t id)
{
	const struct arm_cp_reg *reg = arm_cp_lookup(id);

	return reg && cp15_state_listed(reg) ? reg : NULL;
}

bool arm_cp15_get(struct arm_cp_ctx *ctx, uint32_t id, uint64_t *val)
{
	const struct arm_cp_reg *reg = cp15_state_find(id);

	if (reg)
		*val = arm_cp_read(ctx, reg);
	return reg;
}

/* The guest cannot change these: setting them must give the value they have. */
static bool cp15_state_is_fixed(const struct arm_cp_reg *reg)
{
	return reg->kind == ARM_CP_ID || !(reg->flags & ARM_CP_W);
}

bool arm_cp15_set(struct arm_cp_ctx *ctx, uint32_t id, uint64_t val)
{
	const struct arm_cp_reg *reg = cp15_state_find(id);

	if (!reg || (VM_REG_CLASS(id) == VM_REG_CLASS_CP15 && val >> 32))
		return false;
	if (cp15_state_is_fixed(reg))
		return arm_cp_read(ctx, reg) == val;
	if (reg->kind == ARM_CP_PMU)
		arm_pmu_restore(&ctx->virt->pmu, reg->where, ctx->cycles,
				(uint32_t)val);
	else
		arm_cp_write(ctx, reg, val);
	return true;
}

void arm_cp15_reset(struct arm_cp_ctx *ctx, unsigned int cpu)
{
	static const struct arm_virt virt_reset;
	unsigned int n;

	*ctx->virt = virt_reset;
	ctx->virt->pmu.since = ctx->cycles;
	for (n = 0; n < arm_cp_table_size; n++)
		if (arm_cp_table[n].kind == ARM_CP_HW)
			arm_cp_write(ctx, &arm_cp_table[n],
				     arm_cp_table[n].reset);
	ctx->cp15->vpidr = ctx->id->midr;
	ctx->cp15->vmpidr = MPIDR_RES1 | cpu;
}

void arm_regs_reset(struct arm_regs *regs, uint32_t pc)
{
	static const struct arm_regs regs_reset;

	*regs = regs_reset;
	regs->cpsr = CPSR_RESET;
	regs->pc = pc;
}
