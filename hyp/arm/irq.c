// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupts while a guest runs. The guest's own two timers are acknowledged
 * here; all others are left pending for the host to take.
 *
 * These two PPIs have a priority above all of the host's, so that what
 * GICC_HPPIR shows is what GICC_IAR returns.
 */
#include "hyp/arm/hyp_internal.h"
#include "hyp/arm/gic.h"
#include "hyp/arm/sysreg.h"

static uint32_t gicc_read(uint32_t off)
{
	return mmio_read(hyp_config.gicc + off);
}

static void gicc_write(uint32_t off, uint32_t val)
{
	mmio_write(hyp_config.gicc + off, val);
}

/*
 * Priority drop only (the host runs with EOImodeNS): it stays active until the
 * guest deactivates its own one, through a list register with HW set.
 */
static uint32_t vtimer(void)
{
	gicc_write(GICC_EOIR, gicc_read(GICC_IAR));
	return HYP_EXIT_VTIMER;
}

/*
 * The guest's CNTP has no physical interrupt to stay active: it is off until
 * the guest writes the timer anew.
 */
static uint32_t ptimer(void)
{
	uint32_t iar;

	write_cnthp_ctl(0);
	isb();
	iar = gicc_read(GICC_IAR);
	gicc_write(GICC_EOIR, iar);
	gicc_write(GICC_DIR, iar);
	return HYP_EXIT_PTIMER;
}

uint32_t hyp_irq(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	uint32_t intid = gicc_read(GICC_HPPIR) & GIC_INTID_MASK;

	(void)vcpu;
	(void)cpu;
	if (intid == hyp_config.vtimer_intid)
		return vtimer();
	if (intid == hyp_config.htimer_intid)
		return ptimer();
	return HYP_EXIT_IRQ;
}
