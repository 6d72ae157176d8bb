/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The distributor's registers (IHI 0048B, distributor register descriptions) of
 * a GICv2 without Security Extensions: it has both groups, and GICD_NSACR is
 * RAZ/WI.
 */
#include "core/gicd.h"
#include "core/vgic.h"
#include "core/vgic_irq.h"

/* Which registers are in each 256 bytes. */
#define OTHER_PAGE   0x0 /* and GICD_IGROUPR */
#define BITS_PAGES   0x1 ... 0x3
#define PRIO_PAGES   0x4 ... 0x7
#define TARGET_PAGES 0x8 ... 0xb
#define CFG_PAGE     0xc
#define SGI_PAGE     0xf

/* A register with a bit for each INTID has this many bytes, and this number. */
#define BITS_SIZE 0x80
#define BITS(reg) (reg(0) / BITS_SIZE)

#define SGI_BITS 0xffffu

/* An Arm GIC-400, revision 2 (DDI 0471B), since GICD_PIDR2.ArchRev is 2. */
#define IIDR_GIC400 0x0200143bu

static const uint8_t id_regs[] = {
	0x04, 0x00, 0x00, 0x00, /* GICD_PIDR4 to 7 */
	0x90, 0xb4, 0x2b, 0x00, /* GICD_PIDR0 to 3 */
	0x0d, 0xf0, 0x05, 0xb1, /* GICD_CIDR0 to 3 */
};

static bool is_sgi_pending(uint32_t off)
{
	return off >= GICD_CPENDSGIR(0) && off < GICD_SPENDSGIR(VGIC_NR_SGIS);
}

/* Returns intid, or VGIC_NONE if the VM does not have it. */
static unsigned int limit(const struct vgic *vgic, uint32_t intid)
{
	return intid < vgic->nirqs ? intid : VGIC_NONE;
}

/* The INTIDs of a word that are in a list register of vcpu with this state. */
static uint32_t in_lrs(const struct vgic_cpu *cpu, unsigned int word,
		       uint32_t state)
{
	uint32_t bits = 0;
	unsigned int i;
	uint32_t rest;

	vgic_for_each_bit(i, rest, cpu->lr_used)
	{
		uint32_t lr = cpu->lr[i];

		if ((lr & GICH_LR_VIRTID) >> 5 == word && (lr & state))
			bits |= 1u << (lr & 31);
	}
	return bits;
}

static uint32_t in_all_lrs(const struct vgic *vgic, unsigned int vcpu,
			   unsigned int word, uint32_t state)
{
	uint32_t bits = 0;
	unsigned int n;

	if (!word)
		return in_lrs(&vgic->cpu[vcpu], word, state);
	for (n = 0; n < vgic->nvcpus; n++)
		bits |= in_lrs(&vgic->cpu[n], word, state);
	return bits;
}

static uint32_t active_word(const struct vgic *vgic, unsigned int vcpu,
			    unsigned int word)
{
	uint32_t bits = in_all_lrs(vgic, vcpu, word, GICH_LR_ACTIVE);
	unsigned int n;

	if (!word)
		return bits | vgic->cpu[vcpu].active[word];
	for (n = 0; n < vgic->nvcpus; n++)
		bits |= vgic->cpu[n].active[word];
	return bits;
}

static uint32_t read_typer(const struct vgic *vgic)
{
	return (vgic->nirqs / 32u - 1) | (vgic->nvcpus - 1u) << 5;
}

static uint32_t read_bits(const struct vgic *vgic, unsigned int vcpu,
			  uint32_t off)
{
	unsigned int word = off % BITS_SIZE / 4;
	const struct vgic_irqs *irqs;

	if (limit(vgic, word * 32) == VGIC_NONE)
		return 0;
	irqs = vgic_cword(vgic, vcpu, word);
	switch (off / BITS_SIZE) {
	case BITS(GICD_IGROUPR):
		return irqs->group;
	case BITS(GICD_ISENABLER):
	case BITS(GICD_ICENABLER):
		return irqs->enabled;
	case BITS(GICD_ISPENDR):
	case BITS(GICD_ICPENDR):
		return vgic_pending_word(vgic, vcpu, word) |
		       in_all_lrs(vgic, vcpu, word, GICH_LR_PENDING);
	default:
		return active_word(vgic, vcpu, word);
	}
}

static uint32_t read_prio(const struct vgic *vgic, unsigned int vcpu,
			  uint32_t off)
{
	unsigned int intid = limit(vgic, off - GICD_IPRIORITYR(0));

	return intid == VGIC_NONE ? 0 : vgic_prio(vgic, vcpu, intid);
}

/* GICD_ITARGETSR of an SGI or PPI reads as the CPU that reads it. */
static uint32_t read_target(const struct vgic *vgic, unsigned int vcpu,
			    uint32_t off)
{
	unsigned int intid = limit(vgic, off - GICD_ITARGETSR(0));

	if (intid == VGIC_NONE || vgic->nvcpus == 1)
		return 0;
	if (intid < VGIC_NR_PRIVATE)
		return 1u << vcpu;
	return vgic_cword(vgic, vcpu, vgic_word_of(intid))
		->target[vgic_nr_of(intid)];
}

static uint32_t read_sgi_sources(const struct vgic *vgic, unsigned int vcpu,
				 uint32_t off)
{
	const struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int sgi = off & 15;
	uint32_t lr;

	if (!vgic_where_is_lr(cpu->irqs.where[sgi]))
		return cpu->sgi_source[sgi];
	lr = cpu->lr[vgic_where_lr(cpu->irqs.where[sgi])];
	if (!(lr & GICH_LR_PENDING))
		return cpu->sgi_source[sgi];
	return cpu->sgi_source[sgi] | 1u << vgic_lr_source(lr);
}

/*
 * GICD_ICFGR has two bits for each INTID; the upper one means edge-triggered.
 */
static uint32_t read_cfg(const struct vgic *vgic, unsigned int vcpu,
			 uint32_t off)
{
	unsigned int intid = limit(vgic, (off - GICD_ICFGR(0)) * 4);
	uint32_t edge;
	uint32_t val = 0;
	unsigned int n;

	if (intid == VGIC_NONE)
		return 0;
	edge = vgic_cword(vgic, vcpu, vgic_word_of(intid))->edge >>
	       vgic_nr_of(intid);
	for (n = 0; n < 16; n++)
		val |= (edge >> n & 1) << (2 * n + 1);
	return val;
}

/* One byte, and four bytes, of the registers with a byte for each INTID. */
static uint32_t read_byte(const struct vgic *vgic, unsigned int vcpu,
			  uint32_t off)
{
	switch (off >> 8) {
	case PRIO_PAGES:
		return read_prio(vgic, vcpu, off);
	case TARGET_PAGES:
		return read_target(vgic, vcpu, off);
	case SGI_PAGE:
		return is_sgi_pending(off) ? read_sgi_sources(vgic, vcpu, off) :
					     0;
	default:
		return 0;
	}
}

static uint32_t read_bytes(const struct vgic *vgic, unsigned int vcpu,
			   uint32_t off)
{
	uint32_t val = 0;
	unsigned int n;

	for (n = 0; n < 4; n++)
		val |= read_byte(vgic, vcpu, off + n) << (8 * n);
	return val;
}

static uint32_t read_other(const struct vgic *vgic, uint32_t off)
{
	switch (off) {
	case GICD_CTLR:
		return vgic->ctlr;
	case GICD_TYPER:
		return read_typer(vgic);
	case GICD_IIDR:
		return IIDR_GIC400;
	default:
		return 0;
	}
}

static uint32_t read_word(const struct vgic *vgic, unsigned int vcpu,
			  uint32_t off)
{
	switch (off >> 8) {
	case OTHER_PAGE:
		return off < GICD_IGROUPR(0) ? read_other(vgic, off) :
					       read_bits(vgic, vcpu, off);
	case BITS_PAGES:
		return read_bits(vgic, vcpu, off);
	case CFG_PAGE:
		return read_cfg(vgic, vcpu, off);
	case SGI_PAGE:
		return off >= GICD_PIDR4 ? id_regs[(off - GICD_PIDR4) / 4] :
					   read_bytes(vgic, vcpu, off);
	default:
		return read_bytes(vgic, vcpu, off);
	}
}

/*
 * IHI 0048B allows byte accesses only to registers with a byte for each INTID,
 * and no halfword accesses. Here, as in QEMU's GIC, every register answers
 * both, because guests that were written on QEMU's virt machine use them.
 */
static uint32_t part_mask(unsigned int size)
{
	return (1u << 8 * size) - 1;
}

/* Whether the access is an aligned byte or halfword of a register. */
static bool is_part(uint32_t off, unsigned int size)
{
	return size == 1 || (size == 2 && !(off & 1));
}

static uint32_t read_part(const struct vgic *vgic, unsigned int vcpu,
			  uint32_t off, unsigned int size)
{
	if (!is_part(off, size))
		return 0;
	return read_word(vgic, vcpu, off & ~3u) >> 8 * (off & 3) &
	       part_mask(size);
}

uint32_t vgic_dist_read(const struct vgic *vgic, unsigned int vcpu,
			uint32_t off, unsigned int size)
{
	if (off >= VGIC_DIST_SIZE)
		return 0;
	if (size != 4)
		return read_part(vgic, vcpu, off, size);
	return off & 3 ? 0 : read_word(vgic, vcpu, off);
}

/* A group that is turned on may have a candidate for every vCPU. */
static uint32_t write_ctlr(struct vgic *vgic, uint32_t val)
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
static uint32_t now_pending(struct vgic *vgic, unsigned int vcpu,
			    unsigned int word, uint32_t bits)
{
	const struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t kick = 0;

	if (bits & irqs->held)
		kick = vgic_touch(vgic, vcpu, word, bits);
	bits &= ~irqs->held & vgic_in_groups(irqs, vgic->ctlr);
	return bits ? kick | vgic_wake(vgic, vcpu, word, bits) : kick;
}

static uint32_t set_enable(struct vgic *vgic, unsigned int vcpu,
			   unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);

	bits &= ~irqs->enabled;
	irqs->enabled |= bits;
	bits &= vgic_pending_word(vgic, vcpu, word);
	return bits ? now_pending(vgic, vcpu, word, bits) : 0;
}

static uint32_t clear_enable(struct vgic *vgic, unsigned int vcpu,
			     unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);

	irqs->enabled &= ~bits;
	if (bits & irqs->held)
		vgic_touch(vgic, vcpu, word, bits);
	return 0;
}

static uint32_t set_pending(struct vgic *vgic, unsigned int vcpu,
			    unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t before = vgic_pending_word(vgic, vcpu, word) & ~irqs->held;

	bits &= ~irqs->latch;
	irqs->latch |= bits;
	bits &= irqs->enabled & ~before;
	return bits ? now_pending(vgic, vcpu, word, bits) : 0;
}

/* Evicts those of bits that are in a list register with this state. */
static void evict_bits(struct vgic *vgic, unsigned int vcpu, unsigned int word,
		       uint32_t bits, uint32_t state)
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

static uint32_t clear_pending(struct vgic *vgic, unsigned int vcpu,
			      unsigned int word, uint32_t bits)
{
	evict_bits(vgic, vcpu, word, bits, GICH_LR_PENDING);
	vgic_word(vgic, vcpu, word)->latch &= ~bits;
	if (!word)
		vgic_hw_drop(&vgic->cpu[vcpu], bits & vgic->cpu[vcpu].hw_pend);
	return 0;
}

/*
 * The vCPU whose CPU interface deactivates an interrupt that GICD_ISACTIVER
 * made active.
 */
static unsigned int active_owner(const struct vgic *vgic, unsigned int vcpu,
				 unsigned int intid)
{
	uint32_t target;

	if (intid < VGIC_NR_PRIVATE)
		return vcpu;
	target = vgic_cword(vgic, vcpu, vgic_word_of(intid))
			 ->target[vgic_nr_of(intid)];
	return target ? (unsigned int)__builtin_ctz(target) : vcpu;
}

static uint32_t set_active(struct vgic *vgic, unsigned int vcpu,
			   unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	unsigned int bit;
	uint32_t rest;

	bits &= ~active_word(vgic, vcpu, word);
	evict_bits(vgic, vcpu, word, bits, GICH_LR_PENDING);
	vgic_for_each_bit(bit, rest, bits)
	{
		unsigned int owner = active_owner(vgic, vcpu, word * 32 + bit);

		vgic_set_where(irqs, bit, VGIC_ACTIVE_ON(owner));
		vgic->cpu[owner].active[word] |= 1u << bit;
		vgic->cpu[owner].evicted |= 1u << word;
		vgic->cpu[owner].work = true;
	}
	return 0;
}

static uint32_t clear_active(struct vgic *vgic, unsigned int vcpu,
			     unsigned int word, uint32_t bits)
{
	struct vgic_irqs *irqs = vgic_word(vgic, vcpu, word);
	uint32_t kick = 0;
	unsigned int bit;
	uint32_t rest;

	bits &= active_word(vgic, vcpu, word);
	evict_bits(vgic, vcpu, word, bits, GICH_LR_ACTIVE);
	vgic_for_each_bit(bit, rest, bits) kick |= vgic_deactivate(
		vgic, vgic_where_vcpu(irqs->where[bit]), word * 32 + bit);
	return kick;
}

/*
 * An interrupt that has changed to a group that is on may be a candidate now.
 */
static uint32_t write_group(struct vgic *vgic, unsigned int vcpu,
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

static uint32_t write_bits(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			   uint32_t val)
{
	unsigned int word = off % BITS_SIZE / 4;
	/* SGIs are always enabled, and have pending registers of their own. */
	uint32_t no_sgis = word ? val : val & ~SGI_BITS;

	if (limit(vgic, word * 32) == VGIC_NONE)
		return 0;
	switch (off / BITS_SIZE) {
	case BITS(GICD_IGROUPR):
		return write_group(vgic, vcpu, word, val);
	case BITS(GICD_ISENABLER):
		return set_enable(vgic, vcpu, word, val);
	case BITS(GICD_ICENABLER):
		return clear_enable(vgic, vcpu, word, no_sgis);
	case BITS(GICD_ISPENDR):
		return set_pending(vgic, vcpu, word, no_sgis);
	case BITS(GICD_ICPENDR):
		return clear_pending(vgic, vcpu, word, no_sgis);
	case BITS(GICD_ISACTIVER):
		return set_active(vgic, vcpu, word, val);
	default:
		return clear_active(vgic, vcpu, word, val);
	}
}

static uint32_t write_prio(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			   uint32_t val)
{
	unsigned int intid = limit(vgic, off - GICD_IPRIORITYR(0));
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
	return bit ? now_pending(vgic, vcpu, word, bit) : 0;
}

static void set_target_bits(struct vgic *vgic, unsigned int intid, uint32_t val)
{
	uint32_t bit = vgic_bit_of(intid);
	unsigned int n;

	for (n = 0; n < vgic->nvcpus; n++) {
		uint32_t *target = &vgic->cpu[n].target[vgic_word_of(intid)];

		*target = val >> n & 1 ? *target | bit : *target & ~bit;
	}
}

static uint32_t write_target(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			     uint32_t val)
{
	unsigned int intid = limit(vgic, off - GICD_ITARGETSR(0));
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
	evict_bits(vgic, vcpu, word, bit, GICH_LR_PENDING);
	irqs->target[vgic_nr_of(intid)] = (uint8_t)val;
	set_target_bits(vgic, intid, val);
	return vgic_wake(vgic, vcpu, word,
			 bit & vgic_candidates(vgic, vcpu, word, vgic->ctlr));
}

static uint32_t send_sgi(struct vgic *vgic, unsigned int target,
			 unsigned int sgi, uint32_t sources)
{
	struct vgic_cpu *cpu = &vgic->cpu[target];
	uint32_t bit = 1u << sgi;

	if (!(sources & ~cpu->sgi_source[sgi]))
		return 0;
	cpu->sgi_source[sgi] |= (uint8_t)sources;
	/*
	 * Already pending from another CPU: whoever takes that one sees this
	 * one as well.
	 */
	if ((cpu->irqs.latch & ~cpu->irqs.held) & bit)
		return 0;
	cpu->irqs.latch |= bit;
	return now_pending(vgic, target, 0, bit);
}

static uint32_t write_sgir(struct vgic *vgic, unsigned int vcpu, uint32_t val)
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
		kick |= send_sgi(vgic, n, val & 15, 1u << vcpu);
	return kick;
}

static uint32_t write_spendsgir(struct vgic *vgic, unsigned int vcpu,
				uint32_t off, uint32_t val)
{
	return send_sgi(vgic, vcpu, off & 15, val & ((1u << vgic->nvcpus) - 1));
}

static uint32_t write_cpendsgir(struct vgic *vgic, unsigned int vcpu,
				uint32_t off, uint32_t val)
{
	struct vgic_cpu *cpu = &vgic->cpu[vcpu];
	unsigned int sgi = off & 15;

	if (!(read_sgi_sources(vgic, vcpu, off) & val))
		return 0;
	evict_bits(vgic, vcpu, 0, 1u << sgi, GICH_LR_PENDING);
	cpu->sgi_source[sgi] &= (uint8_t)~val;
	if (!cpu->sgi_source[sgi])
		cpu->irqs.latch &= ~(1u << sgi);
	return 0;
}

static uint32_t write_cfg(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			  uint32_t val)
{
	unsigned int intid = limit(vgic, (off - GICD_ICFGR(0)) * 4);
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

static uint32_t write_byte(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			   uint32_t val)
{
	switch (off >> 8) {
	case PRIO_PAGES:
		return write_prio(vgic, vcpu, off, val);
	case TARGET_PAGES:
		return write_target(vgic, vcpu, off, val);
	case SGI_PAGE:
		if (!is_sgi_pending(off))
			return 0;
		return off < GICD_SPENDSGIR(0) ?
			       write_cpendsgir(vgic, vcpu, off, val) :
			       write_spendsgir(vgic, vcpu, off, val);
	default:
		return 0;
	}
}

static uint32_t write_bytes(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			    unsigned int size, uint32_t val)
{
	uint32_t kick = 0;
	unsigned int n;

	for (n = 0; n < size; n++)
		kick |= write_byte(vgic, vcpu, off + n, val >> (8 * n) & 0xff);
	return kick;
}

static uint32_t write_word(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			   uint32_t val)
{
	switch (off >> 8) {
	case OTHER_PAGE:
		if (off >= GICD_IGROUPR(0))
			return write_bits(vgic, vcpu, off, val);
		return off == GICD_CTLR ? write_ctlr(vgic, val) : 0;
	case BITS_PAGES:
		return write_bits(vgic, vcpu, off, val);
	case CFG_PAGE:
		return write_cfg(vgic, vcpu, off, val);
	case SGI_PAGE:
		if (off == GICD_SGIR)
			return write_sgir(vgic, vcpu, val);
		return write_bytes(vgic, vcpu, off, 4, val);
	default:
		return write_bytes(vgic, vcpu, off, 4, val);
	}
}

/*
 * Registers in which a narrow write keeps the bits outside of it. In the
 * others, a zero bit has no effect.
 */
static bool keeps_others(uint32_t off)
{
	return off < GICD_IGROUPR(0) || off / BITS_SIZE == BITS(GICD_IGROUPR) ||
	       off >> 8 == CFG_PAGE;
}

/* A narrow write of a register with a bit or two for each INTID, as a word. */
static uint32_t write_composed(struct vgic *vgic, unsigned int vcpu,
			       uint32_t off, unsigned int size, uint32_t val)
{
	unsigned int shift = 8 * (off & 3);
	uint32_t mask = part_mask(size) << shift;
	uint32_t word = off & ~3u;
	uint32_t others = 0;

	if (keeps_others(word))
		others = read_word(vgic, vcpu, word) & ~mask;
	return write_word(vgic, vcpu, word, others | (val << shift & mask));
}

/* Whether the register has a byte for each INTID. */
static bool has_bytes(uint32_t off)
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

static uint32_t write_part(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			   unsigned int size, uint32_t val)
{
	if (!is_part(off, size))
		return 0;
	if (!has_bytes(off))
		return write_composed(vgic, vcpu, off, size, val);
	return size == 1 ? write_byte(vgic, vcpu, off, val & 0xff) :
			   write_bytes(vgic, vcpu, off, size, val);
}

uint32_t vgic_dist_write(struct vgic *vgic, unsigned int vcpu, uint32_t off,
			 unsigned int size, uint32_t val)
{
	if (off >= VGIC_DIST_SIZE)
		return 0;
	if (size != 4)
		return write_part(vgic, vcpu, off, size, val);
	return off & 3 ? 0 : write_word(vgic, vcpu, off, val);
}

/* The vCPUs with a list register that holds an INTID of this word. */
static uint32_t holders(const struct vgic *vgic, unsigned int vcpu,
			unsigned int word)
{
	uint32_t vcpus = 0;
	unsigned int n;

	for (n = 0; n < vgic->nvcpus; n++) {
		if ((word || n == vcpu) && vgic->cpu[n].lr_used &&
		    in_lrs(&vgic->cpu[n], word, GICH_LR_STATE))
			vcpus |= 1u << n;
	}
	return vcpus;
}

static uint32_t all_holders(const struct vgic *vgic)
{
	uint32_t vcpus = 0;
	unsigned int n;

	for (n = 0; n < vgic->nvcpus; n++)
		vcpus |= vgic->cpu[n].lr_used ? 1u << n : 0;
	return vcpus;
}

/* Accesses below 0x400 that depend on list registers. */
static bool bits_need_lrs(uint32_t off, bool write)
{
	switch (off / BITS_SIZE) {
	case BITS(GICD_ICENABLER):
		return write;
	case BITS(GICD_ISPENDR):
		return !write;
	case BITS(GICD_ICPENDR):
	case BITS(GICD_ISACTIVER):
	case BITS(GICD_ICACTIVER):
		return true;
	default:
		return false;
	}
}

uint32_t vgic_dist_needs(const struct vgic *vgic, unsigned int vcpu,
			 uint32_t off, bool write)
{
	if (!vgic_dist_meets_lrs(off, write))
		return 0;
	if (off < GICD_IPRIORITYR(0) && bits_need_lrs(off, write))
		return holders(vgic, vcpu, off % BITS_SIZE / 4);
	if (off >= GICD_ITARGETSR(0) && off < GICD_ICFGR(0) && write)
		return holders(vgic, vcpu, (off - GICD_ITARGETSR(0)) / 32);
	if (is_sgi_pending(off))
		return holders(vgic, vcpu, 0);
	if (off < GICD_TYPER && write)
		return all_holders(vgic);
	return 0;
}
