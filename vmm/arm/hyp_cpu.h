/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes HYP on the current CPU from the kernel's stub, with the boot page at
 * physical address boot, and gives it back. Interrupts off. 0; -ENODEV: no stub
 * answers; -EIO: the boot page was not entered.
 */
#ifndef VMM_ARM_HYP_CPU_H
#define VMM_ARM_HYP_CPU_H

#include <linux/types.h>

#include "hyp/arm/state.h"

int hyp_cpu_take(struct hyp_cpu *cpu, phys_addr_t boot);
void hyp_cpu_give_back(void);

#endif /* VMM_ARM_HYP_CPU_H */
