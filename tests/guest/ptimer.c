/* SPDX-License-Identifier: BSD-2-Clause */
/* The physical timer: condition, mask, output, TVAL, interrupt. */
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
	interrupts += gic_ack() == PTIMER_INTID;
	/* Each interrupt sets the timer for the next one, so a slow machine loses none. */
	if (interrupts < 500)
		ptimer_set(physical_counter() + timer_hz() / 20000);
	else
		ptimer_stop();
	gic_eoi(PTIMER_INTID);
}

/*
 * The timer's interrupt is disabled meanwhile, because an interrupt that is in a
 * list register comes even after the line has dropped.
 */
static void condition(void)
{
	uint64_t when, end = deadline();

	ptimer_set(physical_counter() + LATER);
	check_eq("ptimer/not-yet", ptimer_ctl(), CTL_ENABLE);
	when = physical_counter() + timer_hz() / 500;
	ptimer_set(when);
	/* QEMU's own timers are late by some microseconds. */
	while (!(ptimer_ctl() & CTL_ISTATUS) && counter() < end)
		;
	check("ptimer/in-time", physical_counter() >= when);
	check_eq("ptimer/condition", ptimer_ctl(), CTL_ENABLE | CTL_ISTATUS);
	WRITE_CP15(0, c14, c2, 1, CTL_ENABLE | CTL_IMASK);
	check_eq("ptimer/masked-condition", ptimer_ctl(),
		 CTL_ENABLE | CTL_IMASK | CTL_ISTATUS);
	check_eq("ptimer/masked-line-low", gicd_bit(GICD_ISPENDR, PTIMER_INTID),
		 0);
	ptimer_stop();
}

static void interrupt(void)
{
	ptimer_set(physical_counter() + timer_hz() / 1000);
	check_eq("ptimer/interrupt", gic_wait(), PTIMER_INTID);
	gic_eoi(PTIMER_INTID);
	/* It is a level, so EOI alone does not end it. */
	check_eq("ptimer/level", gic_wait(), PTIMER_INTID);
	ptimer_stop();
	gic_eoi(PTIMER_INTID);
	check_eq("ptimer/stopped", gic_quiet(), SPURIOUS);
}

static void moved(void)
{
	gic_disable(PTIMER_INTID);
	ptimer_set(physical_counter());
	check_eq("ptimer/pending", gicd_bit(GICD_ISPENDR, PTIMER_INTID), 1);
	ptimer_set(physical_counter() + LATER);
	check_eq("ptimer/moved-on", gicd_bit(GICD_ISPENDR, PTIMER_INTID), 0);
	ptimer_stop();
	gic_enable(PTIMER_INTID, 0x80);
}

static void tval(void)
{
	uint64_t now = physical_counter(), cval;

	WRITE_CP15(0, c14, c2, 0, 1000000); /* CNTP_TVAL */
	cval = READ_CP15_64(2, c14);
	check("ptimer/tval-sets-cval",
	      cval >= now + 1000000 && cval < now + 1000000 + LATER);
	isb();
	check("ptimer/tval-counts-down",
	      (int32_t)READ_CP15(0, c14, c2, 0) <= 1000000);
	WRITE_CP15(0, c14, c2, 0, (uint32_t)-5);
	WRITE_CP15(0, c14, c2, 1, CTL_ENABLE);
	check_eq("ptimer/negative-tval", ptimer_ctl() & CTL_ISTATUS,
		 CTL_ISTATUS);
	ptimer_stop();
}

static void periodic(void)
{
	uint64_t end = deadline();

	set_irq_handler(on_irq);
	ptimer_set(physical_counter());
	irq_enable();
	while (interrupts < 500 && counter() < end)
		;
	irq_disable();
	ptimer_stop();
	check("ptimer/500-interrupts", interrupts >= 500);
}

static void monotonic(void)
{
	uint64_t last = physical_counter(), now;
	uint32_t i, bad = 0;

	for (i = 0; i < 10000; i++) {
		now = physical_counter();
		bad += now < last;
		last = now;
	}
	check_eq("ptimer/monotonic", bad, 0);
	check("ptimer/frequency", timer_hz() >= 1000000);
}

int main(void)
{
	gic_init();
	monotonic();
	condition();
	gic_enable(PTIMER_INTID, 0x80);
	interrupt();
	moved();
	tval();
	periodic();
	return 0;
}
