/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose list registers an access to the distributor depends on: these vCPUs
 * leave the guest before it.
 */
#include "core/vgic_dist.h"

/* The vCPUs with a list register that holds an INTID of this word. */
static uint32_t vgic_dist_holders(const struct vgic *vgic, unsigned int vcpu,
				  unsigned int word)
{
	uint32_t vcpus = 0;
	unsigned int n;

	for (n = 0; n < vgic->nvcpus; n++) {
		if ((word || n == vcpu) && vgic->cpu[n].lr_used &&
		    vgic_dist_in_lrs(&vgic->cpu[n], word, GICH_LR_STATE))
			vcpus |= 1u << n;
	}
	return vcpus;
}

static uint32_t vgic_dist_all_holders(const struct vgic *vgic)
{
	uint32_t vcpus = 0;
	unsigned int n;

	for (n = 0; n < vgic->nvcpus; n++)
		vcpus |= vgic->cpu[n].lr_used ? 1u << n : 0;
	return vcpus;
}

/* Accesses below 0x400 that depend on list registers. */
static bool vgic_dist_bits_need_lrs(uint32_t off, bool write)
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
	if (off < GICD_IPRIORITYR(0) && vgic_dist_bits_need_lrs(off, write))
		return vgic_dist_holders(vgic, vcpu, off % BITS_SIZE / 4);
	if (off >= GICD_ITARGETSR(0) && off < GICD_ICFGR(0) && write)
		return vgic_dist_holders(vgic, vcpu,
					 (off - GICD_ITARGETSR(0)) / 32);
	if (vgic_dist_is_sgi_pending(off))
		return vgic_dist_holders(vgic, vcpu, 0);
	if (off < GICD_TYPER && write)
		return vgic_dist_all_holders(vgic);
	return 0;
}
