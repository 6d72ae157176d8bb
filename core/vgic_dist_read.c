/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads of the distributor's registers (IHI 0048B, distributor register
 * descriptions) of a GICv2 without Security Extensions: it has both groups, and
 * GICD_NSACR is RAZ/WI.
 */
#include "core/vgic_dist.h"

/* An Arm GIC-400, revision 2 (DDI 0471B), since GICD_PIDR2.ArchRev is 2. */
#define IIDR_GIC400 0x0200143bu

static const uint8_t id_regs[] = {
	0x04, 0x00, 0x00, 0x00, /* GICD_PIDR4 to 7 */
	0x90, 0xb4, 0x2b, 0x00, /* GICD_PIDR0 to 3 */
	0x0d, 0xf0, 0x05, 0xb1, /* GICD_CIDR0 to 3 */
};

static uint32_t vgic_dist_in_all_lrs(const struct vgic *vgic, unsigned int vcpu,
				     unsigned int word, uint32_t state)
{
	uint32_t bits = 0;
	unsigned int n;

	if (!word)
		return vgic_dist_in_lrs(&vgic->cpu[vcpu], word, state);
	for (n = 0; n < vgic->nvcpus; n++)
		bits |= vgic_dist_in_lrs(&vgic->cpu[n], word, state);
	return bits;
}

uint32_t vgic_dist_active_word(const struct vgic *vgic, unsigned int vcpu,
			       unsigned int word)
{
	uint32_t bits = vgic_dist_in_all_lrs(vgic, vcpu, word, GICH_LR_ACTIVE);
	unsigned int n;

	if (!word)
		return bits | vgic->cpu[vcpu].active[word];
	for (n = 0; n < vgic->nvcpus; n++)
		bits |= vgic->cpu[n].active[word];
	return bits;
}

static uint32_t vgic_dist_read_typer(const struct vgic *vgic)
{
	return (vgic->nirqs / 32u - 1) | (vgic->nvcpus - 1u) << 5;
}

static uint32_t vgic_dist_read_bits(const struct vgic *vgic, unsigned int vcpu,
				    uint32_t off)
{
	unsigned int word = off % BITS_SIZE / 4;
	const struct vgic_irqs *irqs;

	if (vgic_dist_limit(vgic, word * 32) == VGIC_NONE)
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
		       vgic_dist_in_all_lrs(vgic, vcpu, word, GICH_LR_PENDING);
	default:
		return vgic_dist_active_word(vgic, vcpu, word);
	}
}

static uint32_t vgic_dist_read_prio(const struct vgic *vgic, unsigned int vcpu,
				    uint32_t off)
{
	unsigned int intid = vgic_dist_limit(vgic, off - GICD_IPRIORITYR(0));

	return intid == VGIC_NONE ? 0 : vgic_prio(vgic, vcpu, intid);
}

/* GICD_ITARGETSR of an SGI or PPI reads as the CPU that reads it. */
static uint32_t vgic_dist_read_target(const struct vgic *vgic,
				      unsigned int vcpu, uint32_t off)
{
	unsigned int intid = vgic_dist_limit(vgic, off - GICD_ITARGETSR(0));

	if (intid == VGIC_NONE || vgic->nvcpus == 1)
		return 0;
	if (intid < VGIC_NR_PRIVATE)
		return 1u << vcpu;
	return vgic_cword(vgic, vcpu, vgic_word_of(intid))
		->target[vgic_nr_of(intid)];
}

uint32_t vgic_dist_sgi_sources(const struct vgic *vgic, unsigned int vcpu,
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
static uint32_t vgic_dist_read_cfg(const struct vgic *vgic, unsigned int vcpu,
				   uint32_t off)
{
	unsigned int intid = vgic_dist_limit(vgic, (off - GICD_ICFGR(0)) * 4);
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
static uint32_t vgic_dist_read_byte(const struct vgic *vgic, unsigned int vcpu,
				    uint32_t off)
{
	switch (off >> 8) {
	case PRIO_PAGES:
		return vgic_dist_read_prio(vgic, vcpu, off);
	case TARGET_PAGES:
		return vgic_dist_read_target(vgic, vcpu, off);
	case SGI_PAGE:
		return vgic_dist_is_sgi_pending(off) ?
			       vgic_dist_sgi_sources(vgic, vcpu, off) :
			       0;
	default:
		return 0;
	}
}

static uint32_t vgic_dist_read_bytes(const struct vgic *vgic, unsigned int vcpu,
				     uint32_t off)
{
	uint32_t val = 0;
	unsigned int n;

	for (n = 0; n < 4; n++)
		val |= vgic_dist_read_byte(vgic, vcpu, off + n) << (8 * n);
	return val;
}

static uint32_t vgic_dist_read_other(const struct vgic *vgic, uint32_t off)
{
	switch (off) {
	case GICD_CTLR:
		return vgic->ctlr;
	case GICD_TYPER:
		return vgic_dist_read_typer(vgic);
	case GICD_IIDR:
		return IIDR_GIC400;
	default:
		return 0;
	}
}

uint32_t vgic_dist_read_word(const struct vgic *vgic, unsigned int vcpu,
			     uint32_t off)
{
	switch (off >> 8) {
	case OTHER_PAGE:
		return off < GICD_IGROUPR(0) ?
			       vgic_dist_read_other(vgic, off) :
			       vgic_dist_read_bits(vgic, vcpu, off);
	case BITS_PAGES:
		return vgic_dist_read_bits(vgic, vcpu, off);
	case CFG_PAGE:
		return vgic_dist_read_cfg(vgic, vcpu, off);
	case SGI_PAGE:
		return off >= GICD_PIDR4 ?
			       id_regs[(off - GICD_PIDR4) / 4] :
			       vgic_dist_read_bytes(vgic, vcpu, off);
	default:
		return vgic_dist_read_bytes(vgic, vcpu, off);
	}
}

static uint32_t vgic_dist_read_part(const struct vgic *vgic, unsigned int vcpu,
				    uint32_t off, unsigned int size)
{
	if (!vgic_dist_is_part(off, size))
		return 0;
	return vgic_dist_read_word(vgic, vcpu, off & ~3u) >> 8 * (off & 3) &
	       vgic_dist_part_mask(size);
}

uint32_t vgic_dist_read(const struct vgic *vgic, unsigned int vcpu,
			uint32_t off, unsigned int size)
{
	if (off >= VGIC_DIST_SIZE)
		return 0;
	if (size != 4)
		return vgic_dist_read_part(vgic, vcpu, off, size);
	return off & 3 ? 0 : vgic_dist_read_word(vgic, vcpu, off);
}
