/* SPDX-License-Identifier: BSD-2-Clause */
/* Emulates trapped accesses to coprocessor registers. */
#include "core/arm/cp15_value.h"
#include "core/arm/banked.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"

/* The id of the register that the instruction names; 0 for another HSR.EC. */
static uint32_t cp15_access_id(uint32_t hsr)
{
	uint32_t crn = HSR_CP_CRN(hsr), crm = HSR_CP_CRM(hsr);
	uint32_t opc1 = HSR_CP_OPC1(hsr), opc2 = HSR_CP_OPC2(hsr);

	switch (HSR_EC(hsr)) {
	case HSR_EC_CP15_32:
		return VM_REG_CP15(crn, opc1, crm, opc2);
	case HSR_EC_CP15_64:
		return VM_REG_CP15_64(HSR_CP64_OPC1(hsr), crm);
	case HSR_EC_CP14_32:
		return ARM_REG_CP14(crn, opc1, crm, opc2);
	case HSR_EC_CP14_64:
		return ARM_REG_CP14_64(HSR_CP64_OPC1(hsr), crm);
	case HSR_EC_CP10_ID:
		return ARM_REG_CP10(crn);
	}
	return 0;
}

const struct arm_cp_reg *arm_cp15_reg(uint32_t hsr)
{
	return arm_cp_lookup(cp15_access_id(hsr));
}

static void cp15_decode(struct arm_cp_access *acc, uint32_t hsr)
{
	acc->reg = arm_cp15_reg(hsr);
	acc->val = 0;
	acc->rt = HSR_CP_RT(hsr);
	acc->rt2 = HSR_CP64_RT2(hsr);
	acc->is64 = HSR_EC(hsr) == HSR_EC_CP15_64 ||
		    HSR_EC(hsr) == HSR_EC_CP14_64;
	acc->write = !(hsr & HSR_CP_READ);
}

static bool cp15_allowed(const struct arm_cp_ctx *ctx,
			 const struct arm_cp_access *acc)
{
	const struct arm_cp_reg *reg = acc->reg;
	uint8_t need = acc->write ? ARM_CP_W : ARM_CP_R;

	if (arm_mode_priv(ctx->regs->cpsr))
		return reg->flags & need;
	need = acc->write ? ARM_CP_W0 : ARM_CP_R0;
	if (!(reg->flags & need))
		return false;
	return reg->kind != ARM_CP_PMU ||
	       arm_pmu_user_ok(&ctx->virt->pmu, reg->where, acc->write);
}

/* R15 as a source is UNPREDICTABLE; here it reads as zero. */
static uint32_t cp15_source(struct arm_regs *regs, unsigned int t)
{
	return t == 15 ? 0 : *arm_reg(regs, t);
}

/* MRC with Rt = 15 writes the flags (DDI 0406C, MRC). */
static void cp15_set_dest(struct arm_regs *regs, unsigned int t, uint32_t val)
{
	if (t == 15)
		regs->cpsr = (regs->cpsr & 0x0fffffffu) | (val & 0xf0000000u);
	else
		*arm_reg(regs, t) = val;
}

static uint64_t cp15_operand(struct arm_regs *regs,
			     const struct arm_cp_access *acc)
{
	uint64_t val = cp15_source(regs, acc->rt);

	if (acc->is64)
		val |= (uint64_t)cp15_source(regs, acc->rt2) << 32;
	return val;
}

static bool cp15_needs_host(const struct arm_cp_ctx *ctx,
			    const struct arm_cp_reg *reg)
{
	if (reg->kind == ARM_CP_SETWAY || reg->kind == ARM_CP_MAINT)
		return true;
	return arm_cp_in_cpu(reg) && !ctx->cp15;
}

static enum arm_cp_result cp15_done(const struct arm_cp_access *acc)
{
	switch (acc->reg->kind) {
	case ARM_CP_CNTP_CTL:
	case ARM_CP_CNTP_TVAL:
	case ARM_CP_CNTP_CVAL:
		return acc->write ? ARM_CP_DONE_TIMER : ARM_CP_DONE;
	default:
		return ARM_CP_DONE;
	}
}

enum arm_cp_result arm_cp15_access(struct arm_cp_ctx *ctx, uint32_t hsr,
				   struct arm_cp_access *acc)
{
	if (!arm_hsr_cond_passed(hsr, ctx->regs->cpsr)) {
		arm_skip_insn(ctx->regs, hsr & HSR_IL);
		return ARM_CP_DONE;
	}
	cp15_decode(acc, hsr);
	if (!acc->reg || !cp15_allowed(ctx, acc))
		return ARM_CP_UNDEF;
	if (acc->write)
		acc->val = cp15_operand(ctx->regs, acc);
	if (cp15_needs_host(ctx, acc->reg))
		return ARM_CP_HOST;
	if (acc->write)
		arm_cp_write(ctx, acc->reg, acc->val);
	else
		acc->val = arm_cp_read(ctx, acc->reg);
	arm_cp15_finish(ctx->regs, hsr, acc);
	return cp15_done(acc);
}

void arm_cp15_finish(struct arm_regs *regs, uint32_t hsr,
		     const struct arm_cp_access *acc)
{
	if (!acc->write) {
		cp15_set_dest(regs, acc->rt, (uint32_t)acc->val);
		if (acc->is64)
			cp15_set_dest(regs, acc->rt2,
				      (uint32_t)(acc->val >> 32));
	}
	arm_skip_insn(regs, hsr & HSR_IL);
}
