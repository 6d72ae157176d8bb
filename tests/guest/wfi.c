/* SPDX-License-Identifier: BSD-2-Clause */
/* WFI and WFE: what ends them. */
#include "exception.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

static volatile uint32_t interrupts;

static void on_irq(struct exception_frame *frame)
{
	uint32_t iar = gic_ack();

	(void)frame;
	vtimer_stop();
	interrupts++;
	gic_eoi(iar);
	/* Also for a WFE that the interrupt came just before. */
	asm volatile("sev" ::: "memory");
}

/* A masked interrupt ends WFI, too. */
static void masked(void)
{
	uint64_t when = counter() + timer_hz() / 1000;

	vtimer_set(when);
	while (!(vtimer_ctl() & CTL_ISTATUS))
		wfi();
	check("wfi/masked-timer-wakes", counter() >= when);
	check_eq("wfi/masked-not-taken", interrupts, 0);
	check_eq("wfi/masked-pending", gic_wait(), VTIMER_INTID);
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
}

static void pending_before(void)
{
	gic_enable(1, 0x80);
	gic_send_sgi(1, 1);
	wfi();
	check_eq("wfi/pending-returns-at-once", gic_wait(), 1);
	gic_eoi(1);
}

static void taken(void)
{
	uint32_t i;

	set_irq_handler(on_irq);
	for (i = 0; i < 200; i++) {
		vtimer_set(counter() + timer_hz() / 10000);
		irq_disable();
		while (interrupts == i) {
			wfi();
			irq_enable();
			isb();
			irq_disable();
		}
	}
	check_eq("wfi/200-timer-interrupts", interrupts, 200);
}

/*
 * The event register makes WFE return at once. An IRQ that CPSR.I lets through ends
 * it; one that is masked does not.
 */
static void events(void)
{
	uint32_t before = interrupts;

	asm volatile("sev\n\twfe" ::: "memory");
	ok("wfi/wfe-after-sev");
	vtimer_set(counter() + timer_hz() / 1000);
	irq_enable();
	while (interrupts == before)
		asm volatile("wfe" ::: "memory");
	irq_disable();
	ok("wfi/wfe-loop-ends");
}

int main(void)
{
	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	masked();
	pending_before();
	taken();
	events();
	return 0;
}
