/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets of the GIC registers that HYP uses (IHI 0048B; those of the
 * distributor are in core/gicd.h).
 */
#ifndef HYP_ARM_GIC_H
#define HYP_ARM_GIC_H

#define GICC_IAR   0x000c
#define GICC_EOIR  0x0010
#define GICC_HPPIR 0x0018
#define GICC_DIR   0x1000

#define GICH_HCR    0x000
#define GICH_VMCR   0x008
#define GICH_ELRSR0 0x030
#define GICH_APR    0x0f0
#define GICH_LR(n)  (0x100 + 4 * (n))

#define GIC_INTID_MASK	   0x3ffu
#define GIC_INTID_SPURIOUS 1023u

#endif /* HYP_ARM_GIC_H */
