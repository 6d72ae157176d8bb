/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's CPU interface while the vCPU is out of the guest: pending, release,
 * reset, and deactivation by GICV_DIR.
 */
#include "core/vgic.h"
#include "core/vgic_irq.h"

static unsigned int vgic_cpu_max(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

/*
 * The lowest bit of the group priority, which counts for preemption (IHI 0048B,
 * GICC_BPR). GICV_ABPR, for group 1, counts from one bit higher.
 */
static unsigned int vgic_cpu_group_prio_shift(uint32_t vmcr, bool group1)
{
	if (group1 && !(vmcr & GICH_VMCR_CBPR))
		return vgic_cpu_max(vmcr >> GICH_VMCR_ABPR_SHIFT & 7, 3);
	return vgic_cpu_max((vmcr >> GICH_VMCR_BPR_SHIFT & 7) + 1, 3);
}

static bool vgic_cpu_preempts(const struct vgic_cpu *cpu, unsigned int prio,
			      bool group1)
{
	unsigned int shift = vgic_cpu_group_prio_shift(cpu->vmcr, group1);

	if (prio >= cpu->vmcr >> GICH_VMCR_PMR_SHIFT << 3)
		return false;
	if (!cpu->apr)
		return true;
	return prio >> shift << shift < (unsigned int)__builtin_ctz(cpu->apr)
						<< 3;
}

static bool vgic_cpu_lr_signals(const struct vgic_cpu *cpu, uint32_t lr)
{
	bool group1 = lr & GICH_LR_GRP1;

	if ((lr & GICH_LR_STATE) != GICH_LR_PENDING ||
	    !(cpu->vmcr & (group1 ? GICH_VMCR_GRP1EN : GICH_VMCR_GRP0EN)))
		return false;
	return vgic_cpu_preempts(
		cpu, (lr & GICH_LR_PRIO) >> GICH_LR_PRIO_SHIFT << 3, group1);
}

static bool vgic_cpu_candidate_signals(const struct vgic *vgic,
				       unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t groups = vgic->ctlr & cpu->vmcr & VGIC_CTLR_MASK;
	unsigned int intid;

	if (!cpu->ready || !groups)
		return false;
	intid = vgic_best_candidate(vgic, vcpu, groups);
	if (intid == VGIC_NONE)
		return false;
	return vgic_cpu_preempts(
		cpu, vgic_prio(vgic, vcpu, intid),
		vgic_cword(vgic, vcpu, vgic_word_of(intid))->group >>
				vgic_nr_of(intid) &
			1);
}

bool vgic_pending(const struct vgic *vgic, unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->lr_used)
	{
		if (vgic_cpu_lr_signals(cpu, cpu->lr[i]))
			return true;
	}
	return vgic_cpu_candidate_signals(vgic, vcpu);
}

uint32_t vgic_release(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t others = ~(1u << vcpu);
	uint32_t kick = 0;
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->lr_used)
	{
		unsigned int intid = cpu->lr[i] & GICH_LR_VIRTID;

		if (intid >= VGIC_NR_PRIVATE &&
		    !(cpu->lr[i] & GICH_LR_ACTIVE) &&
		    (vgic_word(vgic, vcpu, vgic_word_of(intid))
			     ->target[vgic_nr_of(intid)] &
		     others))
			kick |= vgic_evict(vgic, vcpu, i);
	}
	return kick & others;
}

uint32_t vgic_reset_cpu(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t kick = 0;
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->lr_used)
		kick |= vgic_evict(vgic, vcpu, i);
	vgic_hw_drop(cpu, cpu->hw);
	cpu->hcr = GICH_HCR_EN;
	cpu->vmcr = VGIC_VMCR_RESET;
	cpu->apr = 0;
	cpu->work = true;
	return kick & ~(1u << vcpu);
}

static uint8_t vgic_cpu_where_active(const struct vgic *vgic, unsigned int vcpu,
				     unsigned int intid)
{
	uint8_t where;

	if (intid >= vgic->nirqs)
		return VGIC_NOWHERE;
	where = vgic_cword(vgic, vcpu, vgic_word_of(intid))
			->where[vgic_nr_of(intid)];
	if (vgic_where_is_lr(where) &&
	    !(vgic->cpu[vgic_where_vcpu(where)].lr[vgic_where_lr(where)] &
	      GICH_LR_ACTIVE))
		return VGIC_NOWHERE;
	return where;
}

uint32_t vgic_dir_needs(const struct vgic *vgic, unsigned int vcpu,
			uint32_t val)
{
	unsigned int intid = val & GICH_LR_VIRTID;
	uint8_t where;

	if (intid >= vgic->nirqs)
		return 0;
	where = vgic_cword(vgic, vcpu, vgic_word_of(intid))
			->where[vgic_nr_of(intid)];
	return where == VGIC_NOWHERE ? 0 : 1u << vgic_where_vcpu(where);
}

uint32_t vgic_dir(struct vgic *vgic, unsigned int vcpu, uint32_t val)
{
	unsigned int intid = val & GICH_LR_VIRTID;
	uint8_t where = vgic_cpu_where_active(vgic, vcpu, intid);
	unsigned int holder = vgic_where_vcpu(where);

	if (where == VGIC_NOWHERE)
		return 0;
	if (vgic_where_is_lr(where))
		vgic_evict(vgic, holder, vgic_where_lr(where));
	return vgic_deactivate(vgic, holder, intid);
}
