// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trapped accesses to coprocessor registers, by core/arm/cp15_table.c. HYP
 * answers a register that is not held in the CPU while the guest runs, and only
 * the plain case: an unconditional access in a privileged mode.
 *
 * To find a register in the table and to check the guest's right to it takes
 * longer than the rest of the access. A guest accesses the same few registers
 * again and again, so the last ones found are kept, with their syndrome as key.
 */
#include "core/arm/cond.h"
#include "core/arm/cp15_value.h"
#include "core/arm/hsr.h"
#include "hyp/arm/hyp_internal.h"

/* HSR without the numbers of the general-purpose registers. */
#define KEY(hsr)      ((hsr) & ~(0xfu << 5))
#define KEY_WIDE(hsr) ((hsr) & ~(0xfu << 5 | 0xfu << 10))

/*
 * HYP does not answer these: their value is in the CPU, or the host may have to act.
 */
static bool coproc_is_elsewhere(const struct arm_cp_reg *reg)
{
	return arm_cp_in_cpu(reg) || reg->kind == ARM_CP_SETWAY ||
	       reg->kind == ARM_CP_MAINT;
}

static bool coproc_is_plain(const struct arm_cp_reg *reg, uint32_t hsr)
{
	return (hsr & HSR_CV) && HSR_COND(hsr) == ARM_COND_AL && reg &&
	       !coproc_is_elsewhere(reg) &&
	       (reg->flags & (hsr & HSR_CP_READ ? ARM_CP_R : ARM_CP_W));
}

static bool coproc_is_constant(const struct arm_cp_reg *reg)
{
	return reg->kind == ARM_CP_CONST ||
	       (reg->kind == ARM_CP_ID && !(reg->flags & ARM_CP_OF_VM));
}

/* The entry of the cache of recent registers for this key. */
static inline struct hyp_cp_recent *coproc_slot_of(const struct hyp_vcpu *vcpu,
						   uint32_t key)
{
	/*
	 * A hash of opc2, CRn, CRm and the direction, so that Linux's read and
	 * write of TEEHBR at each switch of threads have an entry each.
	 */
	return &vcpu->cpu->recent[(key >> 17 ^ key >> 10 ^ key) % HYP_CP_RECENT];
}

/*
 * Finds the register in the table and keeps it; NULL: the host has to answer.
 */
static const struct arm_cp_reg *coproc_find(const struct hyp_vcpu *vcpu,
					    uint32_t key)
{
	struct hyp_cp_recent *slot = coproc_slot_of(vcpu, key);
	const struct arm_cp_reg *reg = arm_cp15_reg(key);

	if (!coproc_is_plain(reg, key))
		return NULL;
	slot->key = key;
	slot->reg = reg;
	slot->constant = coproc_is_constant(reg);
	if (slot->constant)
		slot->value = reg->kind == ARM_CP_CONST ?
				      reg->reset :
				      arm_cp_id(&vcpu->vm->id, reg);
	return reg;
}

static void coproc_context(struct hyp_vcpu *vcpu, const struct arm_cp_reg *reg,
			   struct arm_cp_ctx *ctx)
{
	uint64_t count = read_cntpct();

	ctx->virt = &vcpu->virt;
	ctx->id = &vcpu->vm->id;
	ctx->count = count - vcpu->vm->cntvoff;
	if (reg->kind == ARM_CP_PMU)
		ctx->cycles = hyp_cycles(count);
}

static uint64_t coproc_read(struct hyp_vcpu *vcpu, const struct arm_cp_reg *reg)
{
	struct arm_cp_ctx ctx;

	coproc_context(vcpu, reg, &ctx);
	return arm_cp_read(&ctx, reg);
}

static void coproc_write(struct hyp_vcpu *vcpu, const struct arm_cp_reg *reg,
			 uint64_t val)
{
	struct arm_cp_ctx ctx;

	/* Only writes of CNTP_TVAL and of the PMU depend on the time. */
	ctx.virt = &vcpu->virt;
	if (reg->kind == ARM_CP_CNTP_TVAL || reg->kind == ARM_CP_PMU)
		coproc_context(vcpu, reg, &ctx);
	arm_cp_write(&ctx, reg, val);
	if (reg->kind >= ARM_CP_CNTP_CTL)
		hyp_ptimer_arm(vcpu);
	else if (reg->kind == ARM_CP_PMU)
		hyp_pmu_load(vcpu);
}

static inline uint32_t coproc_done(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	vcpu->fast[HYP_FAST_CP15]++;
	return hyp_resume_behind(hsr);
}

/*
 * It is noinline: its stack frame would slow down the reads of registers that are
 * constants, which its caller answers.
 */
__attribute__((noinline)) static uint32_t
access(struct hyp_vcpu *vcpu, uint32_t hsr, const struct arm_cp_reg *reg)
{
	uint32_t *rt = &vcpu->regs.r[HSR_CP_RT(hsr)];

	if (hsr & HSR_CP_READ)
		*rt = (uint32_t)coproc_read(vcpu, reg);
	else
		coproc_write(vcpu, reg, *rt);
	return coproc_done(vcpu, hsr);
}

/*
 * Cache maintenance by set and way that the host has carried out. A pass over all
 * lines has tens of thousands of these, and FreeBSD gives its other CPUs two
 * seconds for theirs.
 */
static bool coproc_is_needless(const struct hyp_vcpu *vcpu, uint32_t hsr)
{
	const struct arm_cp_reg *reg;

	if (!(hsr & HSR_CV) || HSR_COND(hsr) != ARM_COND_AL ||
	    !set_way_is_done(&vcpu->set_way, vcpu->regs.r[HSR_CP_RT(hsr)]))
		return false;
	reg = arm_cp15_reg(KEY(hsr));
	return reg && reg->kind == ARM_CP_SETWAY && !(hsr & HSR_CP_READ);
}

__attribute__((noinline)) static uint32_t search(struct hyp_vcpu *vcpu,
						 uint32_t hsr)
{
	const struct arm_cp_reg *reg = coproc_find(vcpu, KEY(hsr));

	if (reg)
		return access(vcpu, hsr, reg);
	if (coproc_is_needless(vcpu, hsr))
		return coproc_done(vcpu, hsr);
	return hyp_full_exit(vcpu, hsr);
}

uint32_t hyp_coproc(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	const struct hyp_cp_recent *slot = coproc_slot_of(vcpu, KEY(hsr));
	unsigned int rt = HSR_CP_RT(hsr);

	if (!hyp_has_reg(rt) || !arm_mode_priv(read_spsr()))
		return hyp_full_exit(vcpu, hsr);
	if (slot->key != KEY(hsr))
		return search(vcpu, hsr);
	if (!slot->constant)
		return access(vcpu, hsr, slot->reg);
	if (hsr & HSR_CP_READ)
		vcpu->regs.r[rt] = slot->value;
	return coproc_done(vcpu, hsr);
}

uint32_t hyp_coproc_wide(struct hyp_vcpu *vcpu, uint32_t hsr)
{
	const struct hyp_cp_recent *slot = coproc_slot_of(vcpu, KEY_WIDE(hsr));
	const struct arm_cp_reg *reg = slot->reg;
	uint32_t *rt = &vcpu->regs.r[HSR_CP_RT(hsr)];
	uint32_t *rt2 = &vcpu->regs.r[HSR_CP64_RT2(hsr)];
	uint64_t val;

	if (!hyp_has_reg(HSR_CP_RT(hsr)) || !hyp_has_reg(HSR_CP64_RT2(hsr)) ||
	    !arm_mode_priv(read_spsr()))
		return hyp_full_exit(vcpu, hsr);
	if (slot->key != KEY_WIDE(hsr))
		reg = coproc_find(vcpu, KEY_WIDE(hsr));
	if (!reg)
		return hyp_full_exit(vcpu, hsr);
	if (hsr & HSR_CP_READ) {
		val = coproc_read(vcpu, reg);
		*rt = (uint32_t)val;
		*rt2 = (uint32_t)(val >> 32);
	} else {
		coproc_write(vcpu, reg, *rt | (uint64_t)*rt2 << 32);
	}
	return coproc_done(vcpu, hsr);
}
