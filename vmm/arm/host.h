/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host as it was found: its GIC, its counter, its CPUs.
 */
#ifndef VMM_ARM_HOST_H
#define VMM_ARM_HOST_H

#include <linux/types.h>

/* The GIC of the host, as its device tree describes it. */
struct host_gic {
	void __iomem *gicd, *gicc, *gich;
	phys_addr_t gicd_pa, gicc_pa, gich_pa, gicv_pa;
	int vtimer_irq, htimer_irq, maint_irq;
};
extern struct host_gic host_gic;

/*
 * Is this a host we can run on? -ENODEV, with one line that says what
 * is missing.
 */
int host_check(void);
void host_release(void);
/* Ticks of the counter in a second: 1000 and more, from host_check() on. */
extern u32 host_timer_hz;
/* Is this CPU of the kind that guests are told of? Preemption is off. */
bool host_is_our_kind(void);

#endif /* VMM_ARM_HOST_H */
