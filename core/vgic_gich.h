/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of the GICv2 virtual interface control block (IHI 0048B,
 * GICH_*).
 */
#ifndef CORE_VGIC_GICH_H
#define CORE_VGIC_GICH_H

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

#endif /* CORE_VGIC_GICH_H */
