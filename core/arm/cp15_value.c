/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/cp15_value.h"

bool arm_cp_in_cpu(const struct arm_cp_reg *reg)
{
	return reg->kind == ARM_CP_HW || reg->kind == ARM_CP_CCSIDR;
}

static bool cp15_value_id_is_64(uint32_t id)
{
	return VM_REG_CLASS(id) == VM_REG_CLASS_CP15_64;
}

/* The 64-bit members of struct arm_cp15 come first. */
static bool cp15_value_member_is_64(const struct arm_cp_reg *reg)
{
	return reg->where < offsetof(struct arm_cp15, sctlr);
}

static uint64_t cp15_value_hw_read(const struct arm_cp15 *cp15,
				   const struct arm_cp_reg *reg)
{
	const char *member = (const char *)cp15 + reg->where;

	if (!cp15_value_member_is_64(reg))
		return *(const uint32_t *)(const void *)member;
	if (cp15_value_id_is_64(reg->id))
		return *(const uint64_t *)(const void *)member;
	return (uint32_t) * (const uint64_t *)(const void *)member;
}

/* MCR to a 64-bit register keeps its upper half. */
static void cp15_value_hw_write(struct arm_cp15 *cp15,
				const struct arm_cp_reg *reg, uint64_t val)
{
	char *member = (char *)cp15 + reg->where;
	uint64_t *wide = (uint64_t *)(void *)member;

	if (!cp15_value_member_is_64(reg))
		*(uint32_t *)(void *)member = (uint32_t)val;
	else if (cp15_value_id_is_64(reg->id))
		*wide = val;
	else
		*wide = (*wide & ~(uint64_t)0xffffffffu) | (uint32_t)val;
}

/* CCSIDR of a cache that is not there reads UNKNOWN (DDI 0406C, CCSIDR). */
static uint32_t cp15_value_ccsidr_read(const struct arm_cp_ctx *ctx)
{
	uint32_t level = ctx->cp15->csselr & 0xf;

	return level < ARM_NR_CCSIDR ? ctx->id->ccsidr[level] : 0;
}

uint64_t arm_cp_read(struct arm_cp_ctx *ctx, const struct arm_cp_reg *reg)
{
	struct arm_virt *virt = ctx->virt;

	switch (reg->kind) {
	case ARM_CP_HW:
		return cp15_value_hw_read(ctx->cp15, reg);
	case ARM_CP_ID:
		return arm_cp_id(ctx->id, reg);
	case ARM_CP_CCSIDR:
		return cp15_value_ccsidr_read(ctx);
	case ARM_CP_PMU:
		return arm_pmu_read(&virt->pmu, reg->where, ctx->cycles,
				    ctx->id->pmcr);
	case ARM_CP_CNTP_CTL:
		return arm_timer_ctl(&virt->cntp, ctx->count);
	case ARM_CP_CNTP_TVAL:
		return arm_timer_tval(&virt->cntp, ctx->count);
	case ARM_CP_CNTP_CVAL:
		return virt->cntp.cval;
	case ARM_CP_COUNT:
		return ctx->count;
	default:
		return reg->reset;
	}
}

void arm_cp_write(struct arm_cp_ctx *ctx, const struct arm_cp_reg *reg,
		  uint64_t val)
{
	struct arm_virt *virt = ctx->virt;

	switch (reg->kind) {
	case ARM_CP_HW:
		cp15_value_hw_write(ctx->cp15, reg, val);
		break;
	case ARM_CP_PMU:
		arm_pmu_write(&virt->pmu, reg->where, ctx->cycles,
			      (uint32_t)val);
		break;
	case ARM_CP_CNTP_CTL:
		arm_timer_set_ctl(&virt->cntp, (uint32_t)val);
		break;
	case ARM_CP_CNTP_TVAL:
		arm_timer_set_tval(&virt->cntp, ctx->count, (uint32_t)val);
		break;
	case ARM_CP_CNTP_CVAL:
		virt->cntp.cval = val;
		break;
	default:
		break;
	}
}
