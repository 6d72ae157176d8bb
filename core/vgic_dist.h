/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What reads and writes of the distributor's registers share: where each register
 * is, and what its bits tell. Only vgic_dist_*.c include this.
 */
#ifndef CORE_VGIC_DIST_H
#define CORE_VGIC_DIST_H

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

static inline bool vgic_dist_is_sgi_pending(uint32_t off)
{
	return off >= GICD_CPENDSGIR(0) && off < GICD_SPENDSGIR(VGIC_NR_SGIS);
}

/* Returns intid, or VGIC_NONE if the VM does not have it. */
static inline unsigned int vgic_dist_limit(const struct vgic *vgic,
					   uint32_t intid)
{
	return intid < vgic->nirqs ? intid : VGIC_NONE;
}

/* The INTIDs of a word that are in a list register of vcpu with this state. */
static inline uint32_t vgic_dist_in_lrs(const struct vgic_cpu *cpu,
					unsigned int word, uint32_t state)
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

/*
 * IHI 0048B allows byte accesses only to registers with a byte for each INTID,
 * and no halfword accesses. Here, as in QEMU's GIC, every register answers
 * both, because guests that were written on QEMU's virt machine use them.
 */
static inline uint32_t vgic_dist_part_mask(unsigned int size)
{
	return (1u << 8 * size) - 1;
}

/* Whether the access is an aligned byte or halfword of a register. */
static inline bool vgic_dist_is_part(uint32_t off, unsigned int size)
{
	return size == 1 || (size == 2 && !(off & 1));
}

/* The active INTIDs of a word, in list registers and out of them. */
uint32_t vgic_dist_active_word(const struct vgic *vgic, unsigned int vcpu,
			       unsigned int word);

/* The vCPUs that have sent the SGI at off (GICD_CPENDSGIR or GICD_SPENDSGIR). */
uint32_t vgic_dist_sgi_sources(const struct vgic *vgic, unsigned int vcpu,
			       uint32_t off);

/* The register at off, which is a multiple of 4 below VGIC_DIST_SIZE. */
uint32_t vgic_dist_read_word(const struct vgic *vgic, unsigned int vcpu,
			     uint32_t off);

#endif
