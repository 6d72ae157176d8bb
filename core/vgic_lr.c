/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moves one interrupt between software and a list register. In a list register
 * the hardware changes the state from pending to active to invalid, as the
 * guest acknowledges and deactivates the interrupt.
 */
#include "core/vgic.h"
#include "core/vgic_irq.h"

/*
 * Clears what made intid pending; returns the state and source for the list
 * register.
 */
static uint32_t vgic_lr_consume(struct vgic *vgic, unsigned int vcpu,
				unsigned int i, unsigned int intid)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, vgic_word_of(intid));
	uint32_t bit = vgic_bit_of(intid);
	unsigned int source;

	if (irqs->latch & bit)
		cpu->lr_latch |= 1u << i;
	if (intid >= VGIC_NR_SGIS) {
		irqs->latch &= ~bit;
		if (intid < VGIC_NR_PRIVATE)
			cpu->hw_pend &= ~bit;
		return GICH_LR_PENDING;
	}
	source = (unsigned int)__builtin_ctz(cpu->sgi_source[intid]);
	cpu->sgi_source[intid] &= (uint8_t) ~(1u << source);
	if (!cpu->sgi_source[intid])
		irqs->latch &= ~bit;
	return GICH_LR_PENDING | source << GICH_LR_CPUID_SHIFT;
}

/*
 * The bits that say what happens when the guest ends the interrupt. EOI asks
 * for a maintenance interrupt if there is more of the same INTID in software
 * (the line is still up, another CPU has sent the SGI, too) or if its device
 * resamples. Otherwise a hardware-linked interrupt deactivates the physical
 * one, and any other ends without an exit.
 */
static uint32_t vgic_lr_ending(const struct vgic *vgic, unsigned int vcpu,
			       unsigned int intid)
{
	const struct vgic_irqs *irqs =
		vgic_cword(vgic, vcpu, vgic_word_of(intid));
	uint32_t bit = vgic_bit_of(intid);

	if (irqs->resample & bit)
		return GICH_LR_EOI;
	if (vgic_pending_word(vgic, vcpu, vgic_word_of(intid)) & irqs->enabled &
	    bit)
		return GICH_LR_EOI;
	if (intid < VGIC_NR_PRIVATE && (vgic_hw_taken(&vgic->cpu[vcpu]) & bit))
		return vgic_lr_link(vgic, intid);
	return 0;
}

static uint32_t vgic_lr_take_active(struct vgic *vgic, unsigned int vcpu,
				    unsigned int intid)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t source = 0;

	cpu->active[vgic_word_of(intid)] &= ~(vgic_bit_of(intid));
	if (!cpu->active[vgic_word_of(intid)])
		cpu->evicted &= ~(1u << vgic_word_of(intid));
	if (intid < VGIC_NR_SGIS)
		source = cpu->sgi_active[intid];
	return GICH_LR_ACTIVE | source << GICH_LR_CPUID_SHIFT;
}

void vgic_place(struct vgic *vgic, unsigned int vcpu, unsigned int i,
		unsigned int intid)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, vgic_word_of(intid));
	uint32_t lr;

	if (irqs->where[vgic_nr_of(intid)] == VGIC_NOWHERE)
		lr = vgic_lr_consume(vgic, vcpu, i, intid);
	else
		lr = vgic_lr_take_active(vgic, vcpu, intid);
	vgic_set_where(irqs, vgic_nr_of(intid), VGIC_IN_LR(vcpu, i));
	cpu->lr_used |= 1u << i;
	vgic_set_lr(cpu, i,
		    lr | vgic_lr_attributes(irqs, intid) |
			    vgic_lr_ending(vgic, vcpu, intid));
}

/*
 * Makes the interrupt that is pending in list register i pending in software
 * again.
 */
static void vgic_lr_unconsume(struct vgic *vgic, unsigned int vcpu,
			      unsigned int i)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t lr = cpu->lr[i];
	unsigned int intid = lr & GICH_LR_VIRTID;
	uint32_t bit = vgic_bit_of(intid);

	if (cpu->lr_latch & 1u << i) {
		vgic_word(vgic, vcpu, vgic_word_of(intid))->latch |= bit;
		if (intid < VGIC_NR_SGIS)
			cpu->sgi_source[intid] |=
				(uint8_t)(1u << vgic_lr_source(lr));
	}
	cpu->lr_latch &= ~(1u << i);
	if (intid < VGIC_NR_PRIVATE && !(lr & GICH_LR_ACTIVE))
		cpu->hw_pend |= cpu->hw & bit;
}

static void vgic_lr_park_active(struct vgic *vgic, unsigned int vcpu,
				unsigned int intid, uint32_t lr)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];

	vgic_set_where(vgic_word(vgic, vcpu, vgic_word_of(intid)),
		       vgic_nr_of(intid), VGIC_ACTIVE_ON(vcpu));
	cpu->active[vgic_word_of(intid)] |= vgic_bit_of(intid);
	cpu->evicted |= 1u << vgic_word_of(intid);
	if (intid < VGIC_NR_SGIS)
		cpu->sgi_active[intid] = (uint8_t)vgic_lr_source(lr);
}

uint32_t vgic_evict(struct vgic *vgic, unsigned int vcpu, unsigned int i)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t lr = cpu->lr[i];
	unsigned int intid = lr & GICH_LR_VIRTID;
	unsigned int word = vgic_word_of(intid);

	if (lr & GICH_LR_PENDING)
		vgic_lr_unconsume(vgic, vcpu, i);
	if (lr & GICH_LR_ACTIVE)
		vgic_lr_park_active(vgic, vcpu, intid, lr);
	else
		vgic_set_where(vgic_word(vgic, vcpu, word), vgic_nr_of(intid),
			       VGIC_NOWHERE);
	cpu->lr_used &= ~(1u << i);
	vgic_set_lr(cpu, i, 0);
	cpu->work = true;
	return vgic_wake_new(vgic, vcpu, word, ~(vgic_bit_of(intid)));
}

/* Notes for vgic_take_ended() that the guest has deactivated intid. */
static void vgic_lr_note_end(struct vgic *vgic, unsigned int intid)
{
	unsigned int word = vgic_word_of(intid);
	struct vgic_irqs *irqs = vgic_word(vgic, 0, word);
	uint32_t bit = vgic_bit_of(intid);

	if (!word || !(irqs->resample & bit))
		return;
	irqs->ended |= bit;
	vgic->ended |= 1u << word;
}

uint32_t vgic_deactivate(struct vgic *vgic, unsigned int vcpu,
			 unsigned int intid)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int word = vgic_word_of(intid);

	vgic_lr_note_end(vgic, intid);
	vgic_lr_take_active(vgic, vcpu, intid);
	vgic_set_where(vgic_word(vgic, vcpu, word), vgic_nr_of(intid),
		       VGIC_NOWHERE);
	if (!word)
		vgic_hw_drop(cpu, vgic_hw_taken(cpu) & 1u << intid);
	return vgic_wake_new(vgic, vcpu, word, ~(vgic_bit_of(intid)));
}

/* A new event for the interrupt pending in list register i merges with it. */
static void vgic_lr_merge(struct vgic *vgic, unsigned int vcpu, unsigned int i)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int intid = cpu->lr[i] & GICH_LR_VIRTID;
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, vgic_word_of(intid));
	uint32_t bit = vgic_bit_of(intid);

	if (intid < VGIC_NR_SGIS) {
		cpu->sgi_source[intid] &=
			(uint8_t) ~(1u << vgic_lr_source(cpu->lr[i]));
		if (!cpu->sgi_source[intid])
			irqs->latch &= ~bit;
		return;
	}
	if (irqs->latch & bit)
		cpu->lr_latch |= 1u << i;
	irqs->latch &= ~bit;
	/*
	 * A hardware-linked interrupt cannot be active and pending (IHI 0048B,
	 * GICH_LR).
	 */
	if (intid < VGIC_NR_PRIVATE && !(cpu->lr[i] & GICH_LR_ACTIVE))
		cpu->hw_pend &= ~bit;
}

/* Whether the reason why list register i is pending still holds. */
static bool vgic_lr_still_pending(const struct vgic *vgic, unsigned int vcpu,
				  unsigned int i)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int intid = cpu->lr[i] & GICH_LR_VIRTID;
	const struct vgic_irqs *irqs =
		vgic_cword(vgic, vcpu, vgic_word_of(intid));

	return (cpu->lr_latch & 1u << i) ||
	       (irqs->line & ~irqs->edge & vgic_bit_of(intid));
}

static bool vgic_lr_deliverable(const struct vgic *vgic, unsigned int vcpu,
				unsigned int intid)
{
	const struct vgic_irqs *irqs =
		vgic_cword(vgic, vcpu, vgic_word_of(intid));

	return vgic->cpu[vcpu].target[vgic_word_of(intid)] & irqs->enabled &
	       vgic_in_groups(irqs, vgic->ctlr) & vgic_bit_of(intid);
}

/*
 * The interrupt active in list register i is pending again. Returns PENDING if
 * the list register can show that.
 */
static uint32_t vgic_lr_again(struct vgic *vgic, unsigned int vcpu,
			      unsigned int i)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t lr = cpu->lr[i];
	unsigned int intid = lr & GICH_LR_VIRTID;
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, vgic_word_of(intid));
	uint32_t bit = vgic_bit_of(intid);

	if (!(irqs->latch & bit) || !vgic_lr_deliverable(vgic, vcpu, intid))
		return 0;
	if (intid < VGIC_NR_SGIS &&
	    !(cpu->sgi_source[intid] >> vgic_lr_source(lr) & 1))
		return 0;
	if (intid < VGIC_NR_PRIVATE && (vgic_hw_taken(cpu) & bit))
		return 0;
	vgic_lr_merge(vgic, vcpu, i);
	cpu->lr_latch |= 1u << i;
	return GICH_LR_PENDING;
}

void vgic_refresh(struct vgic *vgic, unsigned int vcpu, unsigned int i)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	uint32_t lr = cpu->lr[i];
	unsigned int intid = lr & GICH_LR_VIRTID;
	const struct vgic_irqs *irqs =
		vgic_cword(vgic, vcpu, vgic_word_of(intid));
	uint32_t keep = GICH_LR_STATE;

	if (lr & GICH_LR_PENDING) {
		vgic_lr_merge(vgic, vcpu, i);
		if (!vgic_lr_still_pending(vgic, vcpu, i) &&
		    intid < VGIC_NR_PRIVATE && !(lr & GICH_LR_ACTIVE))
			vgic_hw_drop(cpu, 1u << intid);
		if (!vgic_lr_still_pending(vgic, vcpu, i) ||
		    !vgic_lr_deliverable(vgic, vcpu, intid)) {
			vgic->kick |= vgic_evict(vgic, vcpu, i) & ~(1u << vcpu);
			return;
		}
	} else {
		lr |= vgic_lr_again(vgic, vcpu, i);
	}
	if (intid < VGIC_NR_SGIS)
		keep |= GICH_LR_CPUID;
	vgic_set_lr(cpu, i,
		    (lr & keep) | vgic_lr_attributes(irqs, intid) |
			    vgic_lr_ending(vgic, vcpu, intid));
}

void vgic_lr_ended(struct vgic *vgic, unsigned int vcpu, unsigned int i,
		   uint32_t lr)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int intid = lr & GICH_LR_VIRTID;
	unsigned int word = vgic_word_of(intid);
	uint32_t bit = vgic_bit_of(intid);

	vgic_lr_note_end(vgic, intid);
	cpu->lr_used &= ~(1u << i);
	cpu->lr_latch &= ~(1u << i);
	cpu->lr[i] = 0;
	cpu->seen[i] = 0;
	/*
	 * GICH_EISR asks for maintenance as long as the list register has EOI
	 * set.
	 */
	if ((lr & (GICH_LR_HW | GICH_LR_EOI)) == GICH_LR_EOI)
		cpu->lr_dirty |= 1u << i;
	vgic_set_where(vgic_word(vgic, vcpu, word), vgic_nr_of(intid),
		       VGIC_NOWHERE);
	if (!word && (vgic_hw_taken(cpu) & bit)) {
		vgic_hw_drop(cpu, bit);
		if (lr & GICH_LR_HW)
			cpu->deactivate &= ~bit;
	}
	vgic->kick |= vgic_wake_new(vgic, vcpu, word, ~bit) & ~(1u << vcpu);
}
