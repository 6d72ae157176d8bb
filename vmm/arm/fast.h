/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits that HYP answers by itself, as the module's parameters allow.
 */
#ifndef VMM_ARM_FAST_H
#define VMM_ARM_FAST_H

#include <linux/types.h>

struct vcpu;

/* Whether HYP answers accesses to posted device memory. */
extern bool fast_posted;

/* Before HYP is taken for the first time. */
void fast_init(void);

/* struct hyp_vm's dist_page for a distributor at gpa. */
u32 fast_dist_page(u64 gpa);

/* Interrupts off, before each entry: does the next WFI trap? */
void fast_wfi_choose(struct vcpu *vcpu);

#endif /* VMM_ARM_FAST_H */
