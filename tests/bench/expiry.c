/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time from when a timer's condition is met until GICC_IAR returns its
 * interrupt: ticks beyond the compare value, by the counter after the read of
 * IAR.
 *
 * A timer fires at a tick, and a tick is 16 instructions, so the counter alone
 * rounds each time down in the same way. Before it is read, 0 to 15
 * instructions are executed, each number once in 16 times: their mean is right
 * to an instruction. late() adds one instruction of its own to each time. These
 * 16 are a chunk, so that the host's own ticks, one in 160 times, meet few of
 * the chunks.
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
	EVENT = 60, /* less than a full exit takes */
	POLL = 300,
	WAIT = 1500,
	LONG_WAIT = 6000
};

#define INSN 4u	 /* bytes of an instruction */
#define TICK 16u /* in instructions */

/* Executes an instruction, and up to 15 more: skip bytes of those are left out. */
static inline void late(uint32_t skip)
{
	asm volatile("add pc, pc, %0\n\tnop\n\t"
		     ".rept 15\n\tnop\n\t.endr"
		     :
		     : "r"(skip));
}

static uint64_t virtual_expiry(enum how how, uint32_t skip)
{
	uint64_t when = counter() + how, now;

	vtimer_set(when);
	if (how == EVENT)
		asm volatile("wfe" ::: "memory");
	else if (how != POLL)
		wfi();
	while (gicc_read(GICC_IAR) != VTIMER_INTID)
		;
	late(skip);
	now = counter();
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
	return now - when;
}

static uint64_t physical_expiry(enum how how, uint32_t skip)
{
	uint64_t when = physical_counter() + how, now;

	ptimer_set(when);
	while (gicc_read(GICC_IAR) != PTIMER_INTID)
		;
	late(skip);
	now = physical_counter();
	ptimer_stop();
	gic_eoi(PTIMER_INTID);
	return now - when;
}

static void bench_expiry(const char *name,
			 uint64_t (*expiry)(enum how, uint32_t), enum how how)
{
	uint32_t i, j;
	uint64_t ticks;

	for (i = 0; i < MAX_CHUNKS; i++) {
		for (j = 0, ticks = 0; j < TICK; j++)
			ticks += expiry(how, j * INSN);
		chunk(ticks * PER_CHUNK / TICK);
	}
	look_from();
	expiry(how, 0);
	look_to();
	report(name);
}

void bench_expiries(void)
{
	gic_enable(VTIMER_INTID, 0x80);
	bench_expiry("vtimer-poll", virtual_expiry, POLL);
	bench_expiry("vtimer-wfi", virtual_expiry, WAIT);
	bench_expiry("vtimer-wfe", virtual_expiry, EVENT);
	gic_enable(PTIMER_INTID, 0x80);
	bench_expiry("ptimer-poll", physical_expiry, POLL);
}

/* The host's own wake-up, for a module whose WFI traps. */
void bench_blocked(void)
{
	gic_enable(VTIMER_INTID, 0x80);
	bench_expiry("vtimer-blocked", virtual_expiry, LONG_WAIT);
	bench_expiry("wfe-traps", virtual_expiry, EVENT);
}
