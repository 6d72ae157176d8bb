/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of the GICv2 virtual interface control block (IHI 0048B,
 * GICH_*), and their neutral form, in which saved state would fit a GICv3 as
 * well.
 */
#ifndef CORE_VGIC_GICH_H
#define CORE_VGIC_GICH_H

#include "core/types.h"

/* GICH_HCR */
#define GICH_HCR_EN		(1u << 0)
#define GICH_HCR_UIE		(1u << 1)
#define GICH_HCR_LRENPIE	(1u << 2)
#define GICH_HCR_NPIE		(1u << 3)
#define GICH_HCR_EOICOUNT_SHIFT 27

/* GICH_VMCR */
#define GICH_VMCR_GRP0EN     (1u << 0)
#define GICH_VMCR_GRP1EN     (1u << 1)
#define GICH_VMCR_ACKCTL     (1u << 2)
#define GICH_VMCR_FIQEN	     (1u << 3)
#define GICH_VMCR_CBPR	     (1u << 4)
#define GICH_VMCR_EOIMODE    (1u << 9)
#define GICH_VMCR_ABPR_SHIFT 18
#define GICH_VMCR_BPR_SHIFT  21
#define GICH_VMCR_PMR_SHIFT  27

/* GICH_LR. CPUID is for SGIs, EOI for HW = 0, PHYSID for HW = 1. */
#define GICH_LR_VIRTID	     0x3ffu
#define GICH_LR_CPUID_SHIFT  10
#define GICH_LR_CPUID	     (7u << GICH_LR_CPUID_SHIFT)
#define GICH_LR_PHYSID_SHIFT 10
#define GICH_LR_PHYSID	     (0x3ffu << GICH_LR_PHYSID_SHIFT)
#define GICH_LR_EOI	     (1u << 19)
#define GICH_LR_PRIO_SHIFT   23
#define GICH_LR_PRIO	     (0x1fu << GICH_LR_PRIO_SHIFT)
#define GICH_LR_PENDING	     (1u << 28)
#define GICH_LR_ACTIVE	     (1u << 29)
#define GICH_LR_STATE	     (GICH_LR_PENDING | GICH_LR_ACTIVE)
#define GICH_LR_GRP1	     (1u << 30)
#define GICH_LR_HW	     (1u << 31)

/* A list register of either GIC generation. */
struct vgic_lr {
	uint32_t vintid;
	uint32_t pintid; /* if hw, else 0 */
	uint8_t source;	 /* the CPU that sent an SGI of a GICv2 */
	uint8_t prio;	 /* as in GICD_IPRIORITYR: 0 to 0xf8 */
	bool pending;
	bool active;
	bool group1;
	bool hw; /* the guest's deactivation deactivates the physical interrupt */
	bool eoi; /* deactivation raises a maintenance interrupt */
};

/* The virtual CPU interface as the guest has set it up. */
struct vgic_vmcr {
	uint8_t pmr;  /* GICC_PMR: 0 to 0xf8 */
	uint8_t bpr;  /* GICC_BPR: 0 to 7 */
	uint8_t abpr; /* GICC_ABPR: 0 to 7 */
	bool grp0en;
	bool grp1en;
	bool ackctl;
	bool fiqen;
	bool cbpr;
	bool eoimode; /* EOI only drops the priority, DIR deactivates */
};

struct vgic_lr gich_lr_decode(uint32_t lr);
uint32_t gich_lr_encode(const struct vgic_lr *lr);
struct vgic_vmcr gich_vmcr_decode(uint32_t vmcr);
uint32_t gich_vmcr_encode(const struct vgic_vmcr *vmcr);

#endif /* CORE_VGIC_GICH_H */
