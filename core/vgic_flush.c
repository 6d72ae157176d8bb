/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which interrupts get the list registers: the best by priority. If some do not
 * fit, a maintenance interrupt brings the vCPU back when the choice no longer
 * holds (IHI 0048B, GICH_HCR):
 *
 * - a pending one is left over: when no list register has a pending one (NPIE), or
 *   when the guest turns a group on or off (VGrpnEIE, VGrpnDIE);
 * - an active one is left over: when the guest deactivates it (LRENPIE).
 */
#include "core/vgic.h"
#include "core/vgic_irq.h"

/* Sort key: the priority; at equal priority active comes before pending. */
#define KEY_PENDING   1u
#define KEY_GROUP_OFF 0x1ffu
#define KEY_NONE      0x200u

#define HCR_GRP_EIE(group) (1u << (4 + 2 * (group)))
#define HCR_GRP_DIE(group) (2u << (4 + 2 * (group)))

/* Groups that are on in both the distributor and the CPU interface. */
static uint32_t vgic_flush_open_groups(const struct vgic *vgic,
				       const struct vgic_cpu *cpu)
{
	return vgic->ctlr & cpu->vmcr & VGIC_CTLR_MASK;
}

static bool vgic_flush_lr_group_open(const struct vgic_cpu *cpu, uint32_t lr)
{
	return cpu->vmcr &
	       (lr & GICH_LR_GRP1 ? GICH_VMCR_GRP1EN : GICH_VMCR_GRP0EN);
}

static unsigned int vgic_flush_lr_key(const struct vgic_cpu *cpu, uint32_t lr)
{
	unsigned int prio = (lr & GICH_LR_PRIO) >> GICH_LR_PRIO_SHIFT << 3;

	if (lr & GICH_LR_ACTIVE)
		return prio;
	return vgic_flush_lr_group_open(cpu, lr) ? prio + KEY_PENDING :
						   KEY_GROUP_OFF;
}

/*
 * The active interrupt without list register that has the best priority: it was
 * acknowledged last.
 */
static unsigned int vgic_flush_best_active(const struct vgic *vgic,
					   unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int best = VGIC_NONE;
	unsigned int prio = 0x100;
	unsigned int word, bit;
	uint32_t words, rest;

	vgic_for_each_bit(word, words, cpu->evicted)
	{
		const struct vgic_irqs *irqs = vgic_cword(vgic, vcpu, word);

		vgic_for_each_bit(bit, rest, cpu->active[word])
		{
			if (irqs->prio[bit] >= prio)
				continue;
			prio = irqs->prio[bit];
			best = word * 32 + bit;
		}
	}
	return best;
}

/* The interrupt that should get the next list register, and its key. */
static unsigned int vgic_flush_next(const struct vgic *vgic, unsigned int vcpu,
				    uint32_t groups, unsigned int *key)
{
	unsigned int pending = vgic_best_candidate(vgic, vcpu, groups);
	unsigned int active = VGIC_NONE;
	unsigned int pending_key = KEY_NONE;
	unsigned int active_key = KEY_NONE;

	if (vgic->cpu[vcpu].evicted)
		active = vgic_flush_best_active(vgic, vcpu);
	if (pending != VGIC_NONE)
		pending_key = vgic_prio(vgic, vcpu, pending) + KEY_PENDING;
	if (active != VGIC_NONE)
		active_key = vgic_prio(vgic, vcpu, active);
	*key = active_key < pending_key ? active_key : pending_key;
	return active_key < pending_key ? active : pending;
}

static unsigned int vgic_flush_worst_lr(const struct vgic_cpu *cpu,
					unsigned int *key)
{
	unsigned int worst = 0;
	unsigned int i;
	uint32_t rest;

	*key = 0;
	vgic_for_each_bit(i, rest, cpu->lr_used)
	{
		if (vgic_flush_lr_key(cpu, cpu->lr[i]) < *key)
			continue;
		*key = vgic_flush_lr_key(cpu, cpu->lr[i]);
		worst = i;
	}
	return worst;
}

static void vgic_flush_replace(struct vgic *vgic, unsigned int vcpu,
			       unsigned int i, unsigned int intid)
{
	vgic->kick |= vgic_evict(vgic, vcpu, i) & ~(1u << vcpu);
	vgic_place(vgic, vcpu, i, intid);
}

static bool vgic_flush_some_lr_pending(const struct vgic_cpu *cpu)
{
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->lr_used)
	{
		if ((cpu->lr[i] & GICH_LR_STATE) == GICH_LR_PENDING &&
		    vgic_flush_lr_group_open(cpu, cpu->lr[i]))
			return true;
	}
	return false;
}

/*
 * Each turn replaces the contents of a list register by something better, so
 * the loop ends.
 */
static void vgic_flush_fill_full(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t groups = vgic_flush_open_groups(vgic, cpu);
	unsigned int intid, key, worst_key, i;

	for (;;) {
		intid = vgic_flush_next(vgic, vcpu, groups, &key);
		i = vgic_flush_worst_lr(cpu, &worst_key);
		if (intid == VGIC_NONE || key >= worst_key)
			break;
		vgic_flush_replace(vgic, vcpu, i, intid);
	}
	/*
	 * With no pending interrupt in a list register, NPIE would fire at
	 * once, for ever.
	 */
	intid = vgic_best_candidate(vgic, vcpu, groups);
	if (intid != VGIC_NONE && !vgic_flush_some_lr_pending(cpu))
		vgic_flush_replace(vgic, vcpu, i, intid);
}

/* Drops the words whose candidates are all in list registers. */
static void vgic_flush_prune_ready(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int word;
	uint32_t rest;

	vgic_for_each_bit(word, rest, cpu->ready)
	{
		if (!(vgic_candidates(vgic, vcpu, word, vgic->ctlr) &
		      cpu->target[word]))
			cpu->ready &= ~(1u << word);
	}
}

/* The usual case: one interrupt, and a free list register for it. */
static bool vgic_flush_fill_one(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int word = (unsigned int)__builtin_ctz(cpu->ready);
	uint32_t lrs = vgic_free_lrs(vgic, cpu);
	uint32_t bits;

	if (!lrs || (cpu->ready & (cpu->ready - 1)))
		return false;
	bits = vgic_candidates(vgic, vcpu, word, vgic->ctlr) &
	       cpu->target[word];
	if (bits & (bits - 1))
		return false;
	cpu->ready = 0;
	if (bits)
		vgic_place(vgic, vcpu, (unsigned int)__builtin_ctz(lrs),
			   word * 32 + (unsigned int)__builtin_ctz(bits));
	return true;
}

static void vgic_flush_fill(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int intid, key;
	uint32_t lrs;

	for (lrs = vgic_free_lrs(vgic, cpu); lrs; lrs &= lrs - 1) {
		intid = vgic_flush_next(vgic, vcpu, vgic->ctlr, &key);
		if (intid == VGIC_NONE)
			return;
		vgic_place(vgic, vcpu, (unsigned int)__builtin_ctz(lrs), intid);
	}
	vgic_flush_fill_full(vgic, vcpu);
}

static uint32_t vgic_flush_wanted_hcr(const struct vgic *vgic,
				      unsigned int vcpu)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t groups = vgic_flush_open_groups(vgic, cpu);
	uint32_t hcr = GICH_HCR_EN;
	unsigned int group;

	if (cpu->evicted)
		hcr |= GICH_HCR_LRENPIE;
	if (!cpu->ready)
		return hcr;
	if (vgic_best_candidate(vgic, vcpu, groups) != VGIC_NONE)
		hcr |= GICH_HCR_NPIE;
	for (group = 0; group < 2; group++)
		hcr |= cpu->vmcr >> group & 1 ? HCR_GRP_DIE(group) :
						HCR_GRP_EIE(group);
	return hcr;
}

bool vgic_fill_lrs(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t hcr = cpu->hcr;
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->stale & cpu->lr_used)
		vgic_refresh(vgic, vcpu, i);
	cpu->stale = 0;
	if (cpu->evicted || (cpu->ready && !vgic_flush_fill_one(vgic, vcpu))) {
		vgic_flush_fill(vgic, vcpu);
		vgic_flush_prune_ready(vgic, vcpu);
	}
	cpu->work = false;
	cpu->hcr = cpu->ready | cpu->evicted ?
			   vgic_flush_wanted_hcr(vgic, vcpu) :
			   GICH_HCR_EN;
	return cpu->lr_dirty || cpu->hcr != hcr;
}

static void vgic_flush_fold_lr(struct vgic *vgic, unsigned int vcpu,
			       unsigned int i)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t old = cpu->seen[i];
	uint32_t lr = (old & ~GICH_LR_STATE) | (cpu->lr[i] & GICH_LR_STATE);

	if (lr == old)
		return;
	cpu->lr[i] = lr;
	cpu->seen[i] = lr;
	if (!(lr & GICH_LR_PENDING))
		cpu->lr_latch &= ~(1u << i);
	if (!(lr & GICH_LR_STATE))
		vgic_lr_ended(vgic, vcpu, i, old);
}

/*
 * EOICount active interrupts without list register were deactivated, best
 * first.
 */
static void vgic_flush_fold_eoicount(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t count = cpu->hcr >> GICH_HCR_EOICOUNT_SHIFT;
	unsigned int intid;

	for (; count && cpu->evicted; count--) {
		intid = vgic_flush_best_active(vgic, vcpu);
		vgic->kick |= vgic_deactivate(vgic, vcpu, intid) &
			      ~(1u << vcpu);
	}
}

void vgic_fold_lrs(struct vgic *vgic, unsigned int vcpu)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->lr_used)
		vgic_flush_fold_lr(vgic, vcpu, i);
	if (cpu->hcr == GICH_HCR_EN)
		return;
	vgic_flush_fold_eoicount(vgic, vcpu);
	cpu->work = true;
}
