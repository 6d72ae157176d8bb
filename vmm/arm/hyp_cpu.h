/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYP on the current CPU, interrupts off: taken from the kernel's stub, 0 or
 * -ENODEV, -EIO; and given back to it.
 */
#ifndef VMM_ARM_HYP_CPU_H
#define VMM_ARM_HYP_CPU_H

#include <linux/types.h>

#include "hyp/hyp.h"

int hyp_cpu_take(struct hyp_cpu *cpu, phys_addr_t boot);
void hyp_cpu_give_back(void);

#endif /* VMM_ARM_HYP_CPU_H */
