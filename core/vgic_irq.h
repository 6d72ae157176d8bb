/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the interrupt controller share about one interrupt: which
 * vCPU may take it, where it is, who has to be told. Internal to vgic*.c.
 */
#ifndef CORE_VGIC_IRQ_H
#define CORE_VGIC_IRQ_H

#include "core/vgic.h"

/* No interrupt: the INTID that GICC_IAR reads as then (IHI 0048B 3.2.5). */
#define VGIC_NONE 1023u

/* GICV_BPR cannot go lower with 5 bits of priority (IHI 0048B 5.5.4). */
#define VGIC_VMCR_RESET \
	((2u << GICH_VMCR_BPR_SHIFT) | (3u << GICH_VMCR_ABPR_SHIFT))

#define VGIC_CTLR_MASK 3u /* EnableGrp0, EnableGrp1 */

/* Where an INTID is: its word, its place in the word, its bit there. */
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

/* bit takes the numbers of the bits set in word, lowest first. */
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

/* The INTIDs of a word whose group is among groups, bits as in GICD_CTLR. */
static inline uint32_t vgic_in_groups(const struct vgic_irqs *irqs,
				      uint32_t groups)
{
	return (groups & 1 ? ~irqs->group : 0) | (groups & 2 ? irqs->group : 0);
}

/*
 * Pending outside the list registers (IHI 0048B 4.3.7 and figure 4-10). The
 * level of a hardware-linked PPI is the physical GIC's business: while its
 * interrupt is active here, it comes again only after it has been deactivated.
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

/* Enabled, in a group that the distributor lets through: any of these bits. */
static inline bool vgic_is_forwarded(const struct vgic *vgic,
				     const struct vgic_irqs *irqs,
				     uint32_t bits)
{
	return irqs->enabled & vgic_in_groups(irqs, vgic->ctlr) & bits;
}

/* Of a word: what the distributor would forward and no vCPU holds. */
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

/* The active interrupt of a PPI, or the one in its LR, is hardware-linked. */
static inline uint32_t vgic_hw_taken(const struct vgic_cpu *cpu)
{
	return cpu->hw & ~cpu->hw_pend;
}

/* The hardware link of a PPI is over without a list register having ended it. */
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

/* A list register's new contents, for the hardware to get before entry. */
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
 * bits of a word have become candidates: let their targets know, and return
 * them as a kick mask.
 */
uint32_t vgic_wake(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		   uint32_t bits);

/* The same for what is a candidate now, but was not in before. */
static inline uint32_t vgic_wake_new(struct vgic *vgic, unsigned int vcpu,
				     unsigned int word, uint32_t before)
{
	uint32_t now = vgic_candidates(vgic, vcpu, word, vgic->ctlr);

	return now & ~before ? vgic_wake(vgic, vcpu, word, now & ~before) : 0;
}

/*
 * Something has changed about bits of a word: those in a list register have
 * to be looked at before its vCPU's next entry. Returns these vCPUs.
 */
uint32_t vgic_touch(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		    uint32_t bits);

/* The best candidate of these groups for vcpu, VGIC_NONE without one. */
unsigned int vgic_best_candidate(const struct vgic *vgic, unsigned int vcpu,
				 uint32_t groups);

/* What list register i of a synced vcpu has goes to software. Kick mask. */
uint32_t vgic_evict(struct vgic *vgic, unsigned int vcpu, unsigned int i);

/* An interrupt that is VGIC_ACTIVE_ON(vcpu) is not any more. Kick mask. */
uint32_t vgic_deactivate(struct vgic *vgic, unsigned int vcpu,
			 unsigned int intid);

/* Put a candidate, or an active one without LR, into free list register i. */
void vgic_place(struct vgic *vgic, unsigned int vcpu, unsigned int i,
		unsigned int intid);

/* List register i, last seen as lr, is invalid: the guest has deactivated it. */
void vgic_lr_ended(struct vgic *vgic, unsigned int vcpu, unsigned int i,
		   uint32_t lr);

/* Bring list register i of a synced vcpu into line with the distributor. */
void vgic_refresh(struct vgic *vgic, unsigned int vcpu, unsigned int i);

/* A list register's fields that follow the distributor, whatever its state. */
static inline uint32_t vgic_lr_attributes(const struct vgic_irqs *irqs,
					  unsigned int intid)
{
	uint32_t prio = irqs->prio[vgic_nr_of(intid)] >> 3;

	return intid | prio << GICH_LR_PRIO_SHIFT |
	       (irqs->group >> vgic_nr_of(intid) & 1 ? GICH_LR_GRP1 : 0);
}

/* ... and those by which the guest's end of a PPI is the physical one's too. */
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
