// SPDX-License-Identifier: BSD-2-Clause
/*
 * Makes and resets a vCPU's registers, and lets user space read and write them.
 */
#include <linux/errno.h>

#include <vmm/arm/vmm_regs.h>

#include "core/arm/banked.h"
#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/exception.h"
#include "core/arm/hcr.h"
#include "core/arm/hsr.h"
#include "core/psci_query.h"
#include "vmm/arm/cp15.h"
#include "vmm/arm/guest_va.h"
#include "vmm/arm/hyp_map.h"
#include "vmm/arm/timer.h"
#include "vmm/vcpu.h"
#include "vmm/vgic.h"

/*
 * What traps while a guest runs: WFI and WFE, ID registers, SMC, set/way
 * maintenance, ACTLR, and implementation-defined registers. Interrupts and
 * aborts go to HYP. The guest's maintenance and barriers reach all CPUs,
 * because it may have run on them. cp15.c sets and clears HCR.TVM.
 */
#define HCR_GUEST                                                             \
	(HCR_VM | HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | HCR_FB | \
	 HCR_BSU_IS | HCR_TWI | HCR_TWE | HCR_TID0 | HCR_TID1 | HCR_TID3 |    \
	 HCR_TSC | HCR_TIDCP | HCR_TAC | HCR_TSW)

int vcpu_arch_init(struct vcpu *vcpu)
{
	struct hyp_vcpu *hyp = hyp_alloc(sizeof(*hyp));

	if (!hyp)
		return -ENOMEM;
	vcpu->arch.hyp = hyp;
	hyp->hcr = HCR_GUEST;
	vcpu->arch.run_call = HYP_CALL_RUN;
	hyp->number = vcpu->id;
	hyp->vm = vcpu->vm->arch.hyp;
	hyp->gic = &vcpu->vm->vgic->cpu[vcpu->id];
	timer_init(vcpu);
	vcpu_arch_reset(vcpu, 0, 0);
	return 0;
}

void vcpu_arch_free(struct vcpu *vcpu)
{
	timer_free(vcpu);
	hyp_free(vcpu->arch.hyp, sizeof(*vcpu->arch.hyp));
}

void vcpu_arch_reset(struct vcpu *vcpu, u32 entry, u32 context_id)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct arm_cp_ctx ctx = cp_ctx(vcpu);

	arm_regs_reset(&hyp->regs, entry & ~1u);
	if (entry & 1)
		hyp->regs.cpsr |= CPSR_T;
	hyp->regs.r[0] = context_id;
	arm_cp15_reset(&ctx, vcpu->id);
	memset(&hyp->vfp, 0, sizeof(hyp->vfp));
	hyp->hcr &= ~HCR_VA;
	cp15_watch_caches(vcpu);
	vgic_reset_vcpu(vcpu);
	vcpu_arch_forget_gich(&vcpu->arch);
}

/*
 * The generic timer stays powered ("always-on" in the device tree), as it may
 * be what woke the vCPU, which it then interrupts.
 */
void vcpu_arch_wake_up(struct vcpu *vcpu, u32 entry, u32 context_id)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	struct arm_timer cntp = hyp->virt.cntp;
	u64 cntv_cval = hyp->cp15.cntv_cval;
	u32 cntv_ctl = hyp->cp15.cntv_ctl;

	vcpu_arch_reset(vcpu, entry, context_id);
	hyp->virt.cntp = cntp;
	hyp->cp15.cntv_cval = cntv_cval;
	hyp->cp15.cntv_ctl = cntv_ctl;
}

bool vcpu_arch_wakes(struct vcpu *vcpu)
{
	return vgic_wakes(vcpu) || timer_fired(vcpu) ||
	       (vcpu->arch.hyp->hcr & HCR_VA);
}

void vcpu_arch_block_begin(struct vcpu *vcpu)
{
	vgic_block(vcpu);
	timer_block_begin(vcpu);
}

void vcpu_arch_block_end(struct vcpu *vcpu)
{
	timer_block_end(vcpu);
}

void vcpu_arch_count_fast(struct vcpu *vcpu)
{
	static const u8 fast[HYP_FAST_MAX] = {
		[HYP_FAST_HVC] = VM_STAT_FAST_HVC,
		[HYP_FAST_CP15] = VM_STAT_FAST_CP15,
		[HYP_FAST_DIST] = VM_STAT_FAST_DIST,
		[HYP_FAST_POSTED] = VM_STAT_FAST_POSTED,
		[HYP_FAST_TIMER] = VM_STAT_FAST_TIMER,
		[HYP_FAST_VFP] = VM_STAT_FAST_VFP,
	};
	unsigned int i;

	for (i = 0; i < HYP_FAST_MAX; i++) {
		u64 *stat = &vcpu->stat[fast[i]];

		/*
		 * Adds what HYP's 32-bit count has grown by since the last
		 * time, modulo 2^32.
		 */
		*stat += vcpu->arch.hyp->fast[i] - (u32)*stat;
	}
}

#define NR_CORE	  (sizeof(struct arm_regs) / sizeof(u32))
#define NR_VFP	  34 /* that the guest can change */
#define NR_VFP_ID 3
#define NR_VCPU	  5

/* enum vm_reg_core is in the order of struct arm_regs. */
static u32 *vcpu_arch_core_reg(struct vcpu *vcpu, u32 n)
{
	struct arm_regs *regs = &vcpu->arch.hyp->regs;

	BUILD_BUG_ON((VM_REG_GUEST_SPSR_FIQ & 0xff) != NR_CORE - 1);
	if (n < NR_CORE)
		return (u32 *)regs + n;
	n -= VM_REG_GUEST_CUR_R0 & 0xff;
	return n < 15 ? arm_reg(regs, n) : NULL;
}

static int vcpu_arch_vfp_reg(struct vcpu *vcpu, u32 n, u64 *val, bool set)
{
	struct hyp_vfp *vfp = &vcpu->arch.hyp->vfp;
	u32 *word = n == 32 ? &vfp->fpscr : n == 33 ? &vfp->fpexc : NULL;

	if (n >= NR_VFP)
		return -ENOENT;
	if (!set)
		*val = word ? *word : vfp->d[n];
	else if (!word)
		vfp->d[n] = *val;
	else if (*val >> 32)
		return -EINVAL;
	else
		*word = *val;
	return 0;
}

/* The ID registers that are not in the table of CP15 by an id of their own. */
static const u32 *vcpu_arch_id_reg(const struct vcpu *vcpu, u64 id)
{
	const struct arm_id *regs = &vcpu->arch.hyp->vm->id;
	u32 n = id & 0xffffff;

	if (VM_REG_CLASS(id) == VM_REG_CLASS_CCSIDR && n < ARM_NR_CCSIDR)
		return &regs->ccsidr[n];
	switch (id) {
	case VM_REG_VFP_FPSID:
		return &regs->fpsid;
	case VM_REG_VFP_MVFR1:
		return &regs->mvfr1;
	case VM_REG_VFP_MVFR0:
		return &regs->mvfr0;
	}
	return NULL;
}

static u32 vcpu_arch_workaround_1(const struct vcpu *vcpu)
{
	return psci_arch_features(&vcpu->arch.hyp->vm->psci,
				  SMCCC_ARCH_WORKAROUND_1);
}

static int vcpu_arch_get_state(struct vcpu *vcpu, u64 id, u64 *val)
{
	switch (id) {
	case VM_REG_VCPU_POWER:
		*val = vcpu->power;
		return 0;
	case VM_REG_VCPU_ENTRY:
		*val = vcpu->entry;
		return 0;
	case VM_REG_VCPU_CONTEXT:
		*val = vcpu->context_id;
		return 0;
	case VM_REG_VCPU_ABORT:
		*val = !!(vcpu->arch.hyp->hcr & HCR_VA);
		return 0;
	case VM_REG_VCPU_WORKAROUND_1:
		*val = vcpu_arch_workaround_1(vcpu);
		return 0;
	}
	return -ENOENT;
}

static int vcpu_arch_set_power(struct vcpu *vcpu, u32 power)
{
	if (power > VCPU_SUSPENDED)
		return -EINVAL;
	mutex_lock(&vcpu->vm->lock);
	WRITE_ONCE(vcpu->power, power);
	mutex_unlock(&vcpu->vm->lock);
	return 0;
}

static int vcpu_arch_set_abort(struct vcpu *vcpu, u32 pending)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;

	if (pending > 1)
		return -EINVAL;
	hyp->hcr = (hyp->hcr & ~HCR_VA) | (pending ? HCR_VA : 0);
	return 0;
}

static int vcpu_arch_set_state(struct vcpu *vcpu, u64 id, u32 val)
{
	switch (id) {
	case VM_REG_VCPU_POWER:
		return vcpu_arch_set_power(vcpu, val);
	case VM_REG_VCPU_ENTRY:
		vcpu->entry = val;
		return 0;
	case VM_REG_VCPU_CONTEXT:
		vcpu->context_id = val;
		return 0;
	case VM_REG_VCPU_ABORT:
		return vcpu_arch_set_abort(vcpu, val);
	case VM_REG_VCPU_WORKAROUND_1:
		return val == vcpu_arch_workaround_1(vcpu) ? 0 : -EINVAL;
	}
	return -ENOENT;
}

int vcpu_arch_get_reg(struct vcpu *vcpu, u64 id, u64 *val)
{
	const u32 *fixed = vcpu_arch_id_reg(vcpu, id);
	struct arm_cp_ctx ctx = cp_ctx(vcpu);
	u32 *reg;

	if (id >> 32)
		return -ENOENT;
	if (fixed) {
		*val = *fixed;
		return 0;
	}
	switch (VM_REG_CLASS(id)) {
	case VM_REG_CLASS_VCPU:
		return vcpu_arch_get_state(vcpu, id, val);
	case VM_REG_CLASS_CORE:
		reg = vcpu_arch_core_reg(vcpu, id & 0xffffff);
		if (!reg)
			return -ENOENT;
		*val = *reg;
		return 0;
	case VM_REG_CLASS_VFP:
		return vcpu_arch_vfp_reg(vcpu, id & 0xffffff, val, false);
	default:
		return arm_cp15_get(&ctx, id, val) ? 0 : -ENOENT;
	}
}

/*
 * A CPSR that a guest can have: not HYP or Monitor mode, not Jazelle or ThumbEE
 * (J), no IT bits outside of Thumb.
 */
static bool vcpu_arch_cpsr_ok(u32 val)
{
	return arm_mode_valid(val) && !(val & CPSR_J) &&
	       ((val & CPSR_T) || !(val & CPSR_IT_MASK));
}

static bool vcpu_arch_core_value_ok(u64 id, u64 val)
{
	return !(val >> 32) &&
	       (id != VM_REG_GUEST_CPSR || vcpu_arch_cpsr_ok(val));
}

static int vcpu_arch_set_core(struct vcpu *vcpu, u64 id, u64 val)
{
	u32 *reg = vcpu_arch_core_reg(vcpu, id & 0xffffff);

	if (!reg)
		return -ENOENT;
	if (!vcpu_arch_core_value_ok(id, val))
		return -EINVAL;
	*reg = val;
	return 0;
}

static int vcpu_arch_set_cp15(struct vcpu *vcpu, u64 id, u64 val)
{
	struct arm_cp_ctx ctx = cp_ctx(vcpu);
	bool caches_were_on = guest_va_caches_on(vcpu);
	u64 old;

	if (!arm_cp15_get(&ctx, id, &old))
		return -ENOENT;
	if (!arm_cp15_set(&ctx, id, val))
		return -EINVAL;
	cp15_follow_caches(vcpu, caches_were_on);
	return 0;
}

int vcpu_arch_set_reg(struct vcpu *vcpu, u64 id, u64 val)
{
	const u32 *fixed = vcpu_arch_id_reg(vcpu, id);

	if (id >> 32)
		return -ENOENT;
	if (fixed)
		return val == *fixed ? 0 : -EINVAL;
	switch (VM_REG_CLASS(id)) {
	case VM_REG_CLASS_VCPU:
		return val >> 32 ? -EINVAL : vcpu_arch_set_state(vcpu, id, val);
	case VM_REG_CLASS_CORE:
		return vcpu_arch_set_core(vcpu, id, val);
	case VM_REG_CLASS_VFP:
		return vcpu_arch_vfp_reg(vcpu, id & 0xffffff, &val, true);
	default:
		return vcpu_arch_set_cp15(vcpu, id, val);
	}
}

bool vcpu_arch_caches_on(const struct vcpu *vcpu)
{
	return guest_va_caches_on(vcpu);
}

u64 vcpu_arch_reg_list(unsigned int i)
{
	static const struct {
		u32 first, n;
	} lists[] = {
		{ VM_REG_GUEST_R0, NR_CORE },
		{ VM_REG_VFP_D(0), NR_VFP + NR_VFP_ID },
		{ VM_REG_CCSIDR(0), ARM_NR_CCSIDR },
		{ VM_REG_VCPU_POWER, NR_VCPU },
	};
	unsigned int l;

	for (l = 0; l < ARRAY_SIZE(lists); l++) {
		if (i < lists[l].n)
			return lists[l].first + i;
		i -= lists[l].n;
	}
	return arm_cp15_list(i);
}

static int vcpu_arch_inject_abort(struct hyp_vcpu *hyp, u32 esr, u32 far)
{
	struct arm_fault fault = { .write = esr & HSR_DABT_WNR };

	if (!arm_fault_from_fsc(HSR_FSC(esr), &fault))
		return -EINVAL;
	if (HSR_EC(esr) == HSR_EC_PABT)
		arm_inject_pabt(&hyp->regs, &hyp->cp15, far, &fault);
	else
		arm_inject_dabt(&hyp->regs, &hyp->cp15, far, &fault);
	return 0;
}

static int vcpu_arch_inject_sync(struct hyp_vcpu *hyp, u32 esr, u32 far)
{
	switch (HSR_EC(esr)) {
	case HSR_EC_UNKNOWN:
		arm_inject_undef(&hyp->regs, hyp->cp15.sctlr, hyp->cp15.vbar);
		return 0;
	case HSR_EC_SVC:
		arm_skip_insn(&hyp->regs, esr & HSR_IL);
		arm_inject_svc(&hyp->regs, hyp->cp15.sctlr, hyp->cp15.vbar);
		return 0;
	case HSR_EC_PABT:
	case HSR_EC_DABT:
		return vcpu_arch_inject_abort(hyp, esr, far);
	default:
		return -EINVAL;
	}
}

int vcpu_arch_inject(struct vcpu *vcpu, u64 esr, u64 far)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;
	int ret;

	if (esr >> 32 || far >> 32)
		return -EINVAL;
	/*
	 * The CPU holds it back until CPSR.A allows it. Nothing else changes.
	 */
	if (HSR_EC(esr) == HSR_EC_DABT && HSR_FSC(esr) == HSR_FSC_ASYNC) {
		hyp->hcr |= HCR_VA;
		return 0;
	}
	ret = vcpu_arch_inject_sync(hyp, esr, far);
	/* The pending MMIO must not be completed after the exception. */
	if (!ret)
		vcpu->mmio_pending = false;
	return ret;
}
