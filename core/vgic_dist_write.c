/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes of the distributor's registers (IHI 0048B, distributor register
 * descriptions) of a GICv2 without Security Extensions. Each returns the vCPUs
 * that have to look at their interrupts again.
 */
#include "core/vgic_dist.h"

#define SGI_BITS 0xffffu

/* A group that is turned on may have a candidate for every vCPU. */
static uint32_t vgic_dist_write_ctlr(struct vgic *vgic, uint32_t val)
{
	uint32_t fresh = val & ~vgic->ctlr & VGIC_CTLR_MASK;
	uint32_t kick = 0;
	unsigned int n;

	vgic->ctlr = val & VGIC_CTLR_MASK;
	for (n = 0; n < vgic->nvcpus; n++) {
		vgic->cpu[n].ready = (1u << vgic->nirqs / 32u) - 1;
		vgic->cpu[n].stale = vgic->cpu[n].lr_used;
		vgic->cpu[n].work = true;
		if (vgic_best_candidate(vgic, n, fresh) != VGIC_NONE)
			kick |= 1u << n;
	}
	return kick;
}

/*
 * bits have become candidates: wakes their targets, and refreshes list
 * registers.
 */
static uint32_t vgic_dist_now_pending(struct vgic *vgic, unsigned int vcpu,
				      unsigned int word, uint32_t bits)
{
	const struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t kick = 0;

	if (bits & irqs->held)
		kick = vgic_touch(vgic, vcpu, word, bits);
	bits &= ~irqs->held & vgic_in_groups(irqs, vgic->ctlr);
	return bits ? kick | vgic_wake(vgic, vcpu, word, bits) : kick;
}

static uint32_t vgic_dist_set_enable(struct vgic *vgic, unsigned int vcpu,
				     unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);

	bits &= ~irqs->enabled;
	irqs->enabled |= bits;
	bits &= vgic_pending_word(vgic, vcpu, word);
	return bits ? vgic_dist_now_pending(vgic, vcpu, word, bits) : 0;
}

static uint32_t vgic_dist_clear_enable(struct vgic *vgic, unsigned int vcpu,
				       unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);

	irqs->enabled &= ~bits;
	if (bits & irqs->held)
		vgic_touch(vgic, vcpu, word, bits);
	return 0;
}

static uint32_t vgic_dist_set_pending(struct vgic *vgic, unsigned int vcpu,
				      unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t before = vgic_pending_word(vgic, vcpu, word) & ~irqs->held;

	bits &= ~irqs->latch;
	irqs->latch |= bits;
	bits &= irqs->enabled & ~before;
	return bits ? vgic_dist_now_pending(vgic, vcpu, word, bits) : 0;
}

/* Evicts those of bits that are in a list register with this state. */
static void vgic_dist_evict_bits(struct vgic *vgic, unsigned int vcpu,
				 unsigned int word, uint32_t bits,
				 uint32_t state)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	unsigned int bit;
	uint32_t rest;

	vgic_for_each_bit(bit, rest, bits & irqs->held)
	{
		unsigned int holder = vgic_where_vcpu(irqs->where[bit]);
		unsigned int i = vgic_where_lr(irqs->where[bit]);

		if (vgic_where_is_lr(irqs->where[bit]) &&
		    (vgic->cpu[holder].lr[i] & state))
			vgic_evict(vgic, holder, i);
	}
}

static uint32_t vgic_dist_clear_pending(struct vgic *vgic, unsigned int vcpu,
					unsigned int word, uint32_t bits)
{
	vgic_dist_evict_bits(vgic, vcpu, word, bits, GICH_LR_PENDING);
	vgic_word(vgic, vcpu, word)->latch &= ~bits;
	if (!word)
		vgic_hw_drop(&vgic->cpu[vcpu], bits & vgic->cpu[vcpu].hw_pend);
	return 0;
}

/*
 * The vCPU whose CPU interface deactivates an interrupt that GICD_ISACTIVER
 * made active.
 */
static unsigned int vgic_dist_active_owner(const struct vgic *vgic,
					   unsigned int vcpu,
					   unsigned int intid)
{
	uint32_t target;

	if (intid < VGIC_NR_PRIVATE)
		return vcpu;
	target = vgic_cword(vgic, vcpu, vgic_word_of(intid))
			 ->target[vgic_nr_of(intid)];
	return target ? (unsigned int)__builtin_ctz(target) : vcpu;
}

static uint32_t vgic_dist_set_active(struct vgic *vgic, unsigned int vcpu,
				     unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	unsigned int bit;
	uint32_t rest;

	bits &= ~vgic_dist_active_word(vgic, vcpu, word);
	vgic_dist_evict_bits(vgic, vcpu, word, bits, GICH_LR_PENDING);
	vgic_for_each_bit(bit, rest, bits)
	{
		unsigned int owner =
			vgic_dist_active_owner(vgic, vcpu, word * 32 + bit);

		vgic_set_where(irqs, bit, VGIC_ACTIVE_ON(owner));
		vgic->cpu[owner].active[word] |= 1u << bit;
		vgic->cpu[owner].evicted |= 1u << word;
		vgic->cpu[owner].work = true;
	}
	return 0;
}

static uint32_t vgic_dist_clear_active(struct vgic *vgic, unsigned int vcpu,
				       unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t kick = 0;
	unsigned int bit;
	uint32_t rest;

	bits &= vgic_dist_active_word(vgic, vcpu, word);
	vgic_dist_evict_bits(vgic, vcpu, word, bits, GICH_LR_ACTIVE);
	vgic_for_each_bit(bit, rest, bits) kick |= vgic_deactivate(
		vgic, vgic_where_vcpu(irqs->where[bit]), word * 32 + bit);
	return kick;
}

/*
 * An interrupt that has changed to a group that is on may be a candidate now.
 */
static uint32_t vgic_dist_write_group(struct vgic *vgic, unsigned int vcpu,
				      unsigned int word, uint32_t val)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t changed = val ^ irqs->group;

	irqs->group = val;
	return vgic_touch(vgic, vcpu, word, changed) |
	       vgic_wake(vgic, vcpu, word,
			 changed &
				 vgic_candidates(vgic, vcpu, word, vgic->ctlr));
}

static uint32_t vgic_dist_write_bits(struct vgic *vgic, unsigned int vcpu,
				     uint32_t off, uint32_t val)
{
	unsigned int word = off % BITS_SIZE / 4;
	/* SGIs are always enabled, and have pending registers of their own. */
	uint32_t no_sgis = word ? val : val & ~SGI_BITS;

	if (vgic_dist_limit(vgic, word * 32) == VGIC_NONE)
		return 0;
	switch (off / BITS_SIZE) {
	case BITS(GICD_IGROUPR):
		return vgic_dist_write_group(vgic, vcpu, word, val);
	case BITS(GICD_ISENABLER):
		return vgic_dist_set_enable(vgic, vcpu, word, val);
	case BITS(GICD_ICENABLER):
		return vgic_dist_clear_enable(vgic, vcpu, word, no_sgis);
	case BITS(GICD_ISPENDR):
		return vgic_dist_set_pending(vgic, vcpu, word, no_sgis);
	case BITS(GICD_ICPENDR):
		return vgic_dist_clear_pending(vgic, vcpu, word, no_sgis);
	case BITS(GICD_ISACTIVER):
		return vgic_dist_set_active(vgic, vcpu, word, val);
	default:
		return vgic_dist_clear_active(vgic, vcpu, word, val);
	}
}

static uint32_t vgic_dist_write_prio(struct vgic *vgic, unsigned int vcpu,
				     uint32_t off, uint32_t val)
{
	unsigned int intid = vgic_dist_limit(vgic, off - GICD_IPRIORITYR(0));
	unsigned int word = vgic_word_of(intid);
	uint32_t bit = vgic_bit_of(intid);
	struct vgic_irqs *irqs;

	if (intid == VGIC_NONE)
		return 0;
	irqs = vgic_word(vgic, vcpu, word);
	val &= 0xf8;
	if (irqs->prio[vgic_nr_of(intid)] == val)
		return 0;
	irqs->prio[vgic_nr_of(intid)] = (uint8_t)val;
	bit &= irqs->enabled &
	       (irqs->held | vgic_pending_word(vgic, vcpu, word));
	return bit ? vgic_dist_now_pending(vgic, vcpu, word, bit) : 0;
}

static void vgic_dist_set_target_bits(struct vgic *vgic, unsigned int intid,
				      uint32_t val)
{
	uint32_t bit = vgic_bit_of(intid);
	unsigned int n;

	for (n = 0; n < vgic->nvcpus; n++) {
		uint32_t *target = &vgic->cpu[n].target[vgic_word_of(intid)];

		*target = val >> n & 1 ? *target | bit : *target & ~bit;
	}
}

static uint32_t vgic_dist_write_target(struct vgic *vgic, unsigned int vcpu,
				       uint32_t off, uint32_t val)
{
	unsigned int intid = vgic_dist_limit(vgic, off - GICD_ITARGETSR(0));
	unsigned int word = vgic_word_of(intid);
	uint32_t bit = vgic_bit_of(intid);
	struct vgic_irqs *irqs;
	uint32_t old;

	if (intid == VGIC_NONE || intid < VGIC_NR_PRIVATE || vgic->nvcpus == 1)
		return 0;
	irqs = vgic_word(vgic, vcpu, word);
	old = irqs->target[vgic_nr_of(intid)];
	val &= (1u << vgic->nvcpus) - 1;
	if (old == val)
		return 0;
	/* A pending one goes to the new targets; an active one stays. */
	vgic_dist_evict_bits(vgic, vcpu, word, bit, GICH_LR_PENDING);
	irqs->target[vgic_nr_of(intid)] = (uint8_t)val;
	vgic_dist_set_target_bits(vgic, intid, val);
	return vgic_wake(vgic, vcpu, word,
			 bit & vgic_candidates(vgic, vcpu, word, vgic->ctlr));
}

static uint32_t vgic_dist_send_sgi(struct vgic *vgic, unsigned int target,
				   unsigned int sgi, uint32_t sources)
{
	struct vgic_cpu *cpu = &vgic->cpu[target];
	uint32_t bit = 1u << sgi;

	if (!(sources & ~cpu->sgi_source[sgi]))
		return 0;
	cpu->sgi_source[sgi] |= (uint8_t)sources;
	/*
	 * It is pending from another CPU already: the target has been kicked
	 * for that, and its flush finds both sources.
	 */
	if ((cpu->irqs.latch & ~cpu->irqs.held) & bit)
		return 0;
	cpu->irqs.latch |= bit;
	return vgic_dist_now_pending(vgic, target, 0, bit);
}

static uint32_t vgic_dist_write_sgir(struct vgic *vgic, unsigned int vcpu,
				     uint32_t val)
{
	uint32_t all = (1u << vgic->nvcpus) - 1;
	uint32_t targets = 0;
	uint32_t kick = 0;
	unsigned int n;
	uint32_t rest;

	/* TargetListFilter (IHI 0048B, GICD_SGIR); 3 is reserved. */
	switch (val >> 24 & 3) {
	case 0:
		targets = val >> 16 & all;
		break;
	case 1:
		targets = all & ~(1u << vcpu);
		break;
	case 2:
		targets = 1u << vcpu;
		break;
	default:
		break;
	}
	vgic_for_each_bit(n, rest, targets)
		kick |= vgic_dist_send_sgi(vgic, n, val & 15, 1u << vcpu);
	return kick;
}

static uint32_t vgic_dist_write_spendsgir(struct vgic *vgic, unsigned int vcpu,
					  uint32_t off, uint32_t val)
{
	return vgic_dist_send_sgi(vgic, vcpu, off & 15,
				  val & ((1u << vgic->nvcpus) - 1));
}

static uint32_t vgic_dist_write_cpendsgir(struct vgic *vgic, unsigned int vcpu,
					  uint32_t off, uint32_t val)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int sgi = off & 15;

	if (!(vgic_dist_sgi_sources(vgic, vcpu, off) & val))
		return 0;
	vgic_dist_evict_bits(vgic, vcpu, 0, 1u << sgi, GICH_LR_PENDING);
	cpu->sgi_source[sgi] &= (uint8_t)~val;
	if (!cpu->sgi_source[sgi])
		cpu->irqs.latch &= ~(1u << sgi);
	return 0;
}

static uint32_t vgic_dist_write_cfg(struct vgic *vgic, unsigned int vcpu,
				    uint32_t off, uint32_t val)
{
	unsigned int intid = vgic_dist_limit(vgic, (off - GICD_ICFGR(0)) * 4);
	unsigned int word = vgic_word_of(intid);
	struct vgic_irqs *irqs;
	uint32_t before;
	uint32_t edge = 0;
	unsigned int n;

	/* SGIs are always edge-triggered, PPIs always level-sensitive. */
	if (intid == VGIC_NONE || intid < VGIC_NR_PRIVATE)
		return 0;
	irqs = vgic_word(vgic, vcpu, word);
	before = vgic_candidates(vgic, vcpu, word, vgic->ctlr);
	for (n = 0; n < 16; n++)
		edge |= (val >> (2 * n + 1) & 1) << (n + vgic_nr_of(intid));
	irqs->edge = (irqs->edge & ~(0xffffu << vgic_nr_of(intid))) | edge;
	vgic_touch(vgic, vcpu, word, 0xffffu << vgic_nr_of(intid));
	return vgic_wake_new(vgic, vcpu, word, before);
}

static uint32_t vgic_dist_write_byte(struct vgic *vgic, unsigned int vcpu,
				     uint32_t off, uint32_t val)
{
	switch (off >> 8) {
	case PRIO_PAGES:
		return vgic_dist_write_prio(vgic, vcpu, off, val);
	case TARGET_PAGES:
		return vgic_dist_write_target(vgic, vcpu, off, val);
	case SGI_PAGE:
		if (!vgic_dist_is_sgi_pending(off))
			return 0;
		return off < GICD_SPENDSGIR(0) ?
			       vgic_dist_write_cpendsgir(vgic, vcpu, off, val) :
			       vgic_dist_write_spendsgir(vgic, vcpu, off, val);
	default:
		return 0;
	}
}

static uint32_t vgic_dist_write_bytes(struct vgic *vgic, unsigned int vcpu,
				      uint32_t off, unsigned int size,
				      uint32_t val)
{
	uint32_t kick = 0;
	unsigned int n;

	for (n = 0; n < size; n++)
		kick |= vgic_dist_write_byte(vgic, vcpu, off + n,
					     val >> (8 * n) & 0xff);
	return kick;
}

static uint32_t vgic_dist_write_word(struct vgic *vgic, unsigned int vcpu,
				     uint32_t off, uint32_t val)
{
	switch (off >> 8) {
	case OTHER_PAGE:
		if (off >= GICD_IGROUPR(0))
			return vgic_dist_write_bits(vgic, vcpu, off, val);
		return off == GICD_CTLR ? vgic_dist_write_ctlr(vgic, val) : 0;
	case BITS_PAGES:
		return vgic_dist_write_bits(vgic, vcpu, off, val);
	case CFG_PAGE:
		return vgic_dist_write_cfg(vgic, vcpu, off, val);
	case SGI_PAGE:
		if (off == GICD_SGIR)
			return vgic_dist_write_sgir(vgic, vcpu, val);
		return vgic_dist_write_bytes(vgic, vcpu, off, 4, val);
	default:
		return vgic_dist_write_bytes(vgic, vcpu, off, 4, val);
	}
}

/*
 * Registers in which a narrow write keeps the bits outside of it. In the
 * others, a zero bit has no effect.
 */
static bool vgic_dist_keeps_others(uint32_t off)
{
	return off < GICD_IGROUPR(0) || off / BITS_SIZE == BITS(GICD_IGROUPR) ||
	       off >> 8 == CFG_PAGE;
}

/* A narrow write of a register with a bit or two for each INTID, as a word. */
static uint32_t vgic_dist_write_composed(struct vgic *vgic, unsigned int vcpu,
					 uint32_t off, unsigned int size,
					 uint32_t val)
{
	unsigned int shift = 8 * (off & 3);
	uint32_t mask = vgic_dist_part_mask(size) << shift;
	uint32_t word = off & ~3u;
	uint32_t others = 0;

	if (vgic_dist_keeps_others(word))
		others = vgic_dist_read_word(vgic, vcpu, word) & ~mask;
	return vgic_dist_write_word(vgic, vcpu, word,
				    others | (val << shift & mask));
}

/* Whether the register has a byte for each INTID. */
static bool vgic_dist_has_bytes(uint32_t off)
{
	switch (off >> 8) {
	case OTHER_PAGE:
	case BITS_PAGES:
	case CFG_PAGE:
		return false;
	default:
		return true;
	}
}

static uint32_t vgic_dist_write_part(struct vgic *vgic, unsigned int vcpu,
				     uint32_t off, unsigned int size,
				     uint32_t val)
{
	if (!vgic_dist_is_part(off, size))
		return 0;
	if (!vgic_dist_has_bytes(off))
		return vgic_dist_write_composed(vgic, vcpu, off, size, val);
	return size == 1 ? vgic_dist_write_byte(vgic, vcpu, off, val & 0xff) :
			   vgic_dist_write_bytes(vgic, vcpu, off, size, val);
}

uint32_t vgic_dist_write(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			 unsigned int size, uint32_t val)
{
	if (off >= VGIC_DIST_SIZE)
		return 0;
	if (size != 4)
		return vgic_dist_write_part(vgic, vcpu, off, size, val);
	return off & 3 ? 0 : vgic_dist_write_word(vgic, vcpu, off, val);
}
