/* SPDX-License-Identifier: BSD-2-Clause */
/* Translates GICH_LR and GICH_VMCR into their neutral form and back. */
#include "core/vgic_gich.h"

#define NR_SGIS 16u

struct vgic_lr gich_lr_decode(uint32_t lr)
{
	bool hw = lr & GICH_LR_HW;
	uint32_t vintid = lr & GICH_LR_VIRTID;

	return (struct vgic_lr){
		.vintid = vintid,
		.pintid = hw ? (lr & GICH_LR_PHYSID) >> GICH_LR_PHYSID_SHIFT :
			       0,
		.source = (uint8_t)(!hw && vintid < NR_SGIS ?
					    (lr & GICH_LR_CPUID) >>
						    GICH_LR_CPUID_SHIFT :
					    0),
		.prio = (uint8_t)((lr & GICH_LR_PRIO) >> GICH_LR_PRIO_SHIFT
								 << 3),
		.pending = lr & GICH_LR_PENDING,
		.active = lr & GICH_LR_ACTIVE,
		.group1 = lr & GICH_LR_GRP1,
		.hw = hw,
		.eoi = !hw && (lr & GICH_LR_EOI),
	};
}

uint32_t gich_lr_encode(const struct vgic_lr *lr)
{
	uint32_t word = lr->vintid & GICH_LR_VIRTID;

	word |= (uint32_t)(lr->prio >> 3) << GICH_LR_PRIO_SHIFT;
	word |= lr->pending ? GICH_LR_PENDING : 0;
	word |= lr->active ? GICH_LR_ACTIVE : 0;
	word |= lr->group1 ? GICH_LR_GRP1 : 0;
	if (lr->hw)
		return word | GICH_LR_HW |
		       (lr->pintid << GICH_LR_PHYSID_SHIFT & GICH_LR_PHYSID);
	word |= lr->eoi ? GICH_LR_EOI : 0;
	return word |
	       ((uint32_t)lr->source << GICH_LR_CPUID_SHIFT & GICH_LR_CPUID);
}

struct vgic_vmcr gich_vmcr_decode(uint32_t vmcr)
{
	return (struct vgic_vmcr){
		.pmr = (uint8_t)(vmcr >> GICH_VMCR_PMR_SHIFT << 3),
		.bpr = vmcr >> GICH_VMCR_BPR_SHIFT & 7,
		.abpr = vmcr >> GICH_VMCR_ABPR_SHIFT & 7,
		.grp0en = vmcr & GICH_VMCR_GRP0EN,
		.grp1en = vmcr & GICH_VMCR_GRP1EN,
		.ackctl = vmcr & GICH_VMCR_ACKCTL,
		.fiqen = vmcr & GICH_VMCR_FIQEN,
		.cbpr = vmcr & GICH_VMCR_CBPR,
		.eoimode = vmcr & GICH_VMCR_EOIMODE,
	};
}

uint32_t gich_vmcr_encode(const struct vgic_vmcr *vmcr)
{
	return (uint32_t)(vmcr->pmr >> 3) << GICH_VMCR_PMR_SHIFT |
	       (uint32_t)(vmcr->bpr & 7) << GICH_VMCR_BPR_SHIFT |
	       (uint32_t)(vmcr->abpr & 7) << GICH_VMCR_ABPR_SHIFT |
	       (vmcr->grp0en ? GICH_VMCR_GRP0EN : 0) |
	       (vmcr->grp1en ? GICH_VMCR_GRP1EN : 0) |
	       (vmcr->ackctl ? GICH_VMCR_ACKCTL : 0) |
	       (vmcr->fiqen ? GICH_VMCR_FIQEN : 0) |
	       (vmcr->cbpr ? GICH_VMCR_CBPR : 0) |
	       (vmcr->eoimode ? GICH_VMCR_EOIMODE : 0);
}
