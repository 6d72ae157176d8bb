/* SPDX-License-Identifier: BSD-2-Clause */
/* Which exits HYP answers by itself, by the module's parameters. */
#ifndef VMM_ARM_FAST_H
#define VMM_ARM_FAST_H

#include <linux/types.h>

struct vcpu;

/* Whether HYP answers accesses to posted device memory. */
extern bool fast_posted;

/* Sets HYP's table of handlers; to be called before HYP is first taken. */
void fast_init(void);

/* The value of hyp_vm.dist_page for a distributor at gpa. */
u32 fast_dist_page(u64 gpa);

/*
 * Decides whether the guest's next WFI or WFE traps. Interrupts off, before
 * each entry.
 */
void fast_wfi_choose(struct vcpu *vcpu);

#endif /* VMM_ARM_FAST_H */
