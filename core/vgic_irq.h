/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the interrupt controller know about one interrupt: which
 * vCPU may take it, where it is, whom a change concerns. Only vgic*.c include
 * this.
 */
#ifndef CORE_VGIC_IRQ_H
#define CORE_VGIC_IRQ_H

#include "core/vgic.h"

/* The INTID that GICC_IAR returns for no interrupt. */
#define VGIC_NONE 1023u

/* With 5 bits of priority, GICV_BPR is at least 2 and GICV_ABPR at least 3. */
#define VGIC_VMCR_RESET \
	((2u << GICH_VMCR_BPR_SHIFT) | (3u << GICH_VMCR_ABPR_SHIFT))

#define VGIC_CTLR_MASK 3u /* EnableGrp0, EnableGrp1 */

/* The word of an INTID, its number in that word, and its bit there. */
static inline unsigned int vgic_word_of(unsigned int intid)
{
	return intid / 32;
}

static inline unsigned int vgic_nr_of(unsigned int intid)
{
	return intid % 32;
}

static inline uint32_t vgic_bit_of(unsigned int intid)
{
	return 1u << vgic_nr_of(intid);
}

/* Loops over the bits set in word, lowest first; bit is the number of each. */
#define vgic_for_each_bit(bit, rest, word)                                \
	for ((rest) = (word);                                             \
	     (rest) && ((bit) = (unsigned int)__builtin_ctz(rest), true); \
	     (rest) &= (rest)-1)

static inline struct vgic_irqs *vgic_word(struct vgic *vgic, unsigned int vcpu,
					  unsigned int word)
{
	return word ? &vgic->spi[word - 1] : &vgic->cpu[vcpu].irqs;
}

static inline const struct vgic_irqs *
vgic_cword(const struct vgic *vgic, unsigned int vcpu, unsigned int word)
{
	return word ? &vgic->spi[word - 1] : &vgic->cpu[vcpu].irqs;
}

/* The INTIDs of a word that are in one of groups (bits as in GICD_CTLR). */
static inline uint32_t vgic_in_groups(const struct vgic_irqs *irqs,
				      uint32_t groups)
{
	return (groups & 1 ? ~irqs->group : 0) | (groups & 2 ? irqs->group : 0);
}

/*
 * Pending outside the list registers (IHI 0048B, GICD_ISPENDR). The level of a
 * hardware-linked PPI does not count: while its interrupt is active here, the
 * physical GIC signals it again only after it has been deactivated.
 */
static inline uint32_t vgic_pending_word(const struct vgic *vgic,
					 unsigned int vcpu, unsigned int word)
{
	const struct vgic_irqs *irqs = vgic_cword(vgic, vcpu, word);
	uint32_t level = irqs->line & ~irqs->edge;

	if (word)
		return irqs->latch | level;
	return irqs->latch | (level & ~vgic->cpu[vcpu].hw) |
	       vgic->cpu[vcpu].hw_pend;
}

/*
 * Whether one of bits is enabled and in a group that the distributor lets
 * through.
 */
static inline bool vgic_is_forwarded(const struct vgic *vgic,
				     const struct vgic_irqs *irqs,
				     uint32_t bits)
{
	return irqs->enabled & vgic_in_groups(irqs, vgic->ctlr) & bits;
}

/*
 * The candidates of a word: pending, enabled, in one of groups, held by no
 * vCPU.
 */
static inline uint32_t vgic_candidates(const struct vgic *vgic,
				       unsigned int vcpu, unsigned int word,
				       uint32_t groups)
{
	const struct vgic_irqs *irqs = vgic_cword(vgic, vcpu, word);

	return vgic_pending_word(vgic, vcpu, word) & irqs->enabled &
	       ~irqs->held & vgic_in_groups(irqs, groups);
}

static inline void vgic_set_where(struct vgic_irqs *irqs, unsigned int bit,
				  uint8_t where)
{
	irqs->where[bit] = where;
	if (where == VGIC_NOWHERE)
		irqs->held &= ~(1u << bit);
	else
		irqs->held |= 1u << bit;
}

static inline bool vgic_where_is_lr(uint8_t where)
{
	return where & 0x80;
}

static inline unsigned int vgic_where_vcpu(uint8_t where)
{
	return vgic_where_is_lr(where) ? where >> 4 & 7 : where & 7;
}

static inline unsigned int vgic_where_lr(uint8_t where)
{
	return where & 15;
}

/* PPIs that are hardware-linked and active, or in a list register. */
static inline uint32_t vgic_hw_taken(const struct vgic_cpu *cpu)
{
	return cpu->hw & ~cpu->hw_pend;
}

/*
 * Ends the hardware link of PPIs that did not end in a list register: software
 * has to deactivate the physical interrupts.
 */
static inline void vgic_hw_drop(struct vgic_cpu *cpu, uint32_t ppis)
{
	ppis &= cpu->hw;
	cpu->hw &= ~ppis;
	cpu->hw_pend &= ~ppis;
	cpu->irqs.line &= ~ppis;
	cpu->deactivate |= ppis;
}

/* A mask of the list registers that hold nothing. */
static inline uint32_t vgic_free_lrs(const struct vgic *vgic,
				     const struct vgic_cpu *cpu)
{
	return ~cpu->lr_used & ((1u << vgic->nlrs) - 1);
}

/* Sets list register i, to be written to the hardware before entry. */
static inline void vgic_set_lr(struct vgic_cpu *cpu, unsigned int i,
			       uint32_t lr)
{
	if (cpu->lr[i] == lr)
		return;
	cpu->lr[i] = lr;
	cpu->seen[i] = lr;
	cpu->lr_dirty |= 1u << i;
}

/*
 * bits of a word have become candidates: notes that at their targets, and
 * returns these as a kick mask.
 */
uint32_t vgic_wake(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		   uint32_t bits);

/* As vgic_wake(), for those candidates whose bit is clear in @before. */
static inline uint32_t vgic_wake_new(struct vgic *vgic, unsigned int vcpu,
				     unsigned int word, uint32_t before)
{
	uint32_t now = vgic_candidates(vgic, vcpu, word, vgic->ctlr);

	return now & ~before ? vgic_wake(vgic, vcpu, word, now & ~before) : 0;
}

/*
 * Something has changed about bits of a word: those in a list register are to
 * be refreshed before the next entry of the vCPU that holds them. Returns a kick
 * mask of the vCPUs that hold one.
 */
uint32_t vgic_touch(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		    uint32_t bits);

/* The best candidate of these groups for vcpu; VGIC_NONE: there is none. */
unsigned int vgic_best_candidate(const struct vgic *vgic, unsigned int vcpu,
				 uint32_t groups);

/*
 * Evicts list register i of a synced vcpu: its interrupt is in software again.
 * Returns a kick mask.
 */
uint32_t vgic_evict(struct vgic *vgic, unsigned int vcpu, unsigned int i);

/*
 * Deactivates an interrupt that is VGIC_ACTIVE_ON(vcpu). Returns a kick mask.
 */
uint32_t vgic_deactivate(struct vgic *vgic, unsigned int vcpu,
			 unsigned int intid);

/* Puts a candidate, or an active interrupt, into the free list register i. */
void vgic_place(struct vgic *vgic, unsigned int vcpu, unsigned int i,
		unsigned int intid);

/*
 * List register i, which was lr, has become invalid: the guest has deactivated
 * it.
 */
void vgic_lr_ended(struct vgic *vgic, unsigned int vcpu, unsigned int i,
		   uint32_t lr);

/* Brings list register i of a synced vcpu into line with the distributor. */
void vgic_refresh(struct vgic *vgic, unsigned int vcpu, unsigned int i);

/* The fields of a list register that do not depend on its state. */
static inline uint32_t vgic_lr_attributes(const struct vgic_irqs *irqs,
					  unsigned int intid)
{
	uint32_t prio = irqs->prio[vgic_nr_of(intid)] >> 3;

	return intid | prio << GICH_LR_PRIO_SHIFT |
	       (irqs->group >> vgic_nr_of(intid) & 1 ? GICH_LR_GRP1 : 0);
}

/* The fields that link a PPI to its physical interrupt. */
static inline uint32_t vgic_lr_link(const struct vgic *vgic, unsigned int intid)
{
	return GICH_LR_HW | (uint32_t)vgic->physid[intid]
				    << GICH_LR_PHYSID_SHIFT;
}

static inline unsigned int vgic_lr_source(uint32_t lr)
{
	return (lr & GICH_LR_CPUID) >> GICH_LR_CPUID_SHIFT;
}

static inline uint8_t vgic_prio(const struct vgic *vgic, unsigned int vcpu,
				unsigned int intid)
{
	return vgic_cword(vgic, vcpu, vgic_word_of(intid))
		->prio[vgic_nr_of(intid)];
}

#endif /* CORE_VGIC_IRQ_H */
