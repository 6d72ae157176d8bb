/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time from when a timer's condition is met until GICC_IAR returns its
 * interrupt: ticks beyond the compare value, by the counter right after the
 * read of IAR.
 */
#include "bench.h"
#include "gic.h"
#include "sysreg.h"
#include "timer.h"

/*
 * In ticks of 16 instructions: far enough ahead that the guest is polling, or
 * waits, by then.
 */
enum how {
	POLL = 300,
	WAIT = 1500,
	LONG_WAIT = 6000
};

static uint64_t virtual_expiry(enum how how)
{
	uint64_t when = counter() + how, now;

	vtimer_set(when);
	if (how != POLL)
		wfi();
	while (gicc_read(GICC_IAR) != VTIMER_INTID)
		;
	now = counter();
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
	return now - when;
}

static uint64_t physical_expiry(enum how how)
{
	uint64_t when = physical_counter() + how, now;

	ptimer_set(when);
	while (gicc_read(GICC_IAR) != PTIMER_INTID)
		;
	now = physical_counter();
	ptimer_stop();
	gic_eoi(PTIMER_INTID);
	return now - when;
}

static void bench_expiry(const char *name, uint64_t (*expiry)(enum how),
			 enum how how)
{
	uint32_t i, j;
	uint64_t ticks;

	for (i = 0; i < CHUNKS; i++) {
		for (j = 0, ticks = 0; j < PER_CHUNK; j++)
			ticks += expiry(how);
		chunk(ticks);
	}
	look_from();
	expiry(how);
	look_to();
	report(name);
}

void bench_expiries(void)
{
	gic_enable(VTIMER_INTID, 0x80);
	bench_expiry("vtimer-poll", virtual_expiry, POLL);
	bench_expiry("vtimer-wfi", virtual_expiry, WAIT);
	gic_enable(PTIMER_INTID, 0x80);
	bench_expiry("ptimer-poll", physical_expiry, POLL);
}

/* The host's own wake-up, for a module whose WFI traps. */
void bench_blocked(void)
{
	gic_enable(VTIMER_INTID, 0x80);
	bench_expiry("vtimer-blocked", virtual_expiry, LONG_WAIT);
}
