/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vCPUs a change concerns, and what each of them would take first. The
 * other files of the interrupt controller build on this one.
 */
#include "core/vgic.h"
#include "core/vgic_irq.h"

uint32_t vgic_wake(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		   uint32_t bits)
{
	unsigned int first = word ? 0 : vcpu;
	unsigned int end = word ? vgic->nvcpus : vcpu + 1;
	uint32_t kick = 0;
	unsigned int n;

	for (n = first; n < end; n++) {
		if (!(vgic->cpu[n].target[word] & bits))
			continue;
		vgic->cpu[n].ready |= 1u << word;
		vgic->cpu[n].work = true;
		kick |= 1u << n;
	}
	return kick;
}

uint32_t vgic_touch(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		    uint32_t bits)
{
	const struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t holders = 0;
	uint32_t rest;
	unsigned int bit;

	vgic_for_each_bit(bit, rest, bits & irqs->held)
	{
		unsigned int holder = vgic_where_vcpu(irqs->where[bit]);

		if (!vgic_where_is_lr(irqs->where[bit]))
			continue;
		vgic->cpu[holder].stale |= 1u
					   << vgic_where_lr(irqs->where[bit]);
		vgic->cpu[holder].work = true;
		holders |= 1u << holder;
	}
	return holders;
}

static unsigned int vgic_wake_best_of_word(const struct vgic *vgic,
					   unsigned int vcpu, unsigned int word,
					   uint32_t groups, unsigned int *prio)
{
	const struct vgic_irqs *irqs = vgic_cword(vgic, vcpu, word);
	uint32_t bits = vgic_candidates(vgic, vcpu, word, groups) &
			vgic->cpu[vcpu].target[word];
	unsigned int best = VGIC_NONE;
	unsigned int bit;
	uint32_t rest;

	vgic_for_each_bit(bit, rest, bits)
	{
		if (irqs->prio[bit] >= *prio)
			continue;
		*prio = irqs->prio[bit];
		best = word * 32 + bit;
	}
	return best;
}

/* At equal priority the lowest INTID comes first, as in a GIC-400. */
unsigned int vgic_best_candidate(const struct vgic *vgic, unsigned int vcpu,
				 uint32_t groups)
{
	unsigned int prio = 0x100;
	unsigned int best = VGIC_NONE;
	unsigned int found;
	unsigned int word;
	uint32_t rest;

	vgic_for_each_bit(word, rest, vgic->cpu[vcpu].ready)
	{
		found = vgic_wake_best_of_word(vgic, vcpu, word, groups, &prio);
		if (found != VGIC_NONE)
			best = found;
	}
	return best;
}
