/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps HYP on every CPU from module load to unload. hyp_init_all() takes it: 0
 * or a negative errno, with a line in the log; hyp_exit_all() gives it back.
 * May sleep.
 */
#ifndef VMM_ARM_HYP_KERNEL_H
#define VMM_ARM_HYP_KERNEL_H

#include "hyp/arm/state.h"

int hyp_init_all(void);
void hyp_exit_all(void);

/* HYP's data of the current CPU, with interrupts off; and of any CPU. */
struct hyp_cpu *hyp_this_cpu(void);
struct hyp_cpu *hyp_cpu(int cpu);

/* Prints a fault of HYP to the kernel's log. Any context. */
void hyp_print_fault(const struct hyp_fault *fault);

#endif /* VMM_ARM_HYP_KERNEL_H */
