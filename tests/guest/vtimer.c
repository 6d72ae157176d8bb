/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual timer: condition, mask, output, TVAL, interrupt. */
#include "exception.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

/* More ticks than pass during the test, on however slow a machine. */
#define LATER (100ull * timer_hz())

static volatile uint32_t interrupts;

static void on_irq(struct exception_frame *frame)
{
	(void)frame;
	interrupts += gic_ack() == VTIMER_INTID;
	/* Each interrupt sets the timer for the next one, so a slow machine loses none. */
	if (interrupts < 500)
		vtimer_set(counter() + timer_hz() / 20000);
	else
		vtimer_stop();
	gic_eoi(VTIMER_INTID);
}

/*
 * The timer's interrupt is disabled meanwhile, because an interrupt that is in a
 * list register comes even after the line has dropped.
 */
static void condition(void)
{
	uint64_t when, end = deadline();

	vtimer_set(counter() + LATER);
	check_eq("vtimer/not-yet", vtimer_ctl(), CTL_ENABLE);
	when = counter() + timer_hz() / 500;
	vtimer_set(when);
	/* QEMU's own timers are late by some microseconds. */
	while (!(vtimer_ctl() & CTL_ISTATUS) && counter() < end)
		;
	check("vtimer/in-time", counter() >= when);
	check_eq("vtimer/condition", vtimer_ctl(), CTL_ENABLE | CTL_ISTATUS);
	WRITE_CP15(0, c14, c3, 1, CTL_ENABLE | CTL_IMASK);
	check_eq("vtimer/masked-condition", vtimer_ctl(),
		 CTL_ENABLE | CTL_IMASK | CTL_ISTATUS);
	check_eq("vtimer/masked-line-low", gicd_bit(GICD_ISPENDR, VTIMER_INTID),
		 0);
	vtimer_stop();
}

static void interrupt(void)
{
	vtimer_set(counter() + timer_hz() / 1000);
	check_eq("vtimer/interrupt", gic_wait(), VTIMER_INTID);
	gic_eoi(VTIMER_INTID);
	/* It is a level, so EOI alone does not end it. */
	check_eq("vtimer/level", gic_wait(), VTIMER_INTID);
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
	check_eq("vtimer/stopped", gic_quiet(), SPURIOUS);
}

static void moved(void)
{
	gic_disable(VTIMER_INTID);
	vtimer_set(counter());
	check_eq("vtimer/pending", gicd_bit(GICD_ISPENDR, VTIMER_INTID), 1);
	vtimer_set(counter() + LATER);
	check_eq("vtimer/moved-on", gicd_bit(GICD_ISPENDR, VTIMER_INTID), 0);
	vtimer_stop();
	gic_enable(VTIMER_INTID, 0x80);
}

static void tval(void)
{
	uint64_t now = counter(), cval;

	WRITE_CP15(0, c14, c3, 0, 1000000); /* CNTV_TVAL */
	cval = READ_CP15_64(3, c14);
	check("vtimer/tval-sets-cval",
	      cval >= now + 1000000 && cval < now + 1000000 + LATER);
	isb();
	check("vtimer/tval-counts-down",
	      (int32_t)READ_CP15(0, c14, c3, 0) <= 1000000);
	WRITE_CP15(0, c14, c3, 0, (uint32_t)-5);
	WRITE_CP15(0, c14, c3, 1, CTL_ENABLE);
	check_eq("vtimer/negative-tval", vtimer_ctl() & CTL_ISTATUS,
		 CTL_ISTATUS);
	vtimer_stop();
}

static void periodic(void)
{
	uint64_t end = deadline();

	set_irq_handler(on_irq);
	vtimer_set(counter());
	irq_enable();
	while (interrupts < 500 && counter() < end)
		;
	irq_disable();
	vtimer_stop();
	check("vtimer/500-interrupts", interrupts >= 500);
}

static void monotonic(void)
{
	uint64_t last = counter(), now;
	uint32_t i, bad = 0;

	for (i = 0; i < 10000; i++) {
		now = counter();
		bad += now < last;
		last = now;
	}
	check_eq("vtimer/monotonic", bad, 0);
	check("vtimer/frequency", timer_hz() >= 1000000);
}

int main(void)
{
	gic_init();
	monotonic();
	condition();
	gic_enable(VTIMER_INTID, 0x80);
	interrupt();
	moved();
	tval();
	periodic();
	return 0;
}
