/* SPDX-License-Identifier: BSD-2-Clause */
/* The host: its GIC, its counter, its kind of CPU. */
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
 * Checks that this host can run guests, and maps its GIC. -ENODEV: it cannot,
 * and one line of the log says why; -ENOMEM. host_release() undoes it. May
 * sleep.
 */
int host_check(void);
void host_release(void);
/* Rate of the counter in Hz, at least 1000; valid after host_check(). */
extern u32 host_timer_hz;
/*
 * Whether this CPU is of the kind that guests are told of. Preemption is off.
 */
bool host_is_our_kind(void);

#endif /* VMM_ARM_HOST_H */
