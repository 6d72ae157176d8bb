/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a CPU interface moves with its CPU. Under bhyve the host
 * meanwhile moves the vCPU from CPU to CPU (tests/board/faults.onboard).
 */
#include "exception.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define ROUNDS 200

static volatile uint32_t interrupts;

static void on_irq(struct exception_frame *frame)
{
	(void)frame;
	interrupts += gic_ack() == VTIMER_INTID;
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
}

/* Long enough to be moved, with an interrupt that has to come. */
static void pass_time(void)
{
	uint64_t end = counter() + timer_hz() / 100, give_up = deadline();
	uint32_t before = interrupts;

	vtimer_set(counter() + timer_hz() / 200);
	irq_enable();
	while (interrupts == before && counter() < give_up)
		;
	while (counter() < end)
		;
	irq_disable();
}

int main(void)
{
	uint32_t lost = 0, i;

	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	set_irq_handler(on_irq);
	for (i = 0; i < ROUNDS; i++) {
		uint32_t pmr = 0x90 + (i % 14) * 8, bpr = 2 + i % 6;

		gicc_write(GICC_PMR, pmr);
		gicc_write(GICC_BPR, bpr);
		pass_time();
		lost += gicc_read(GICC_PMR) != pmr ||
			gicc_read(GICC_BPR) != bpr;
	}
	check_eq("moves/registers-lost", lost, 0);
	check_eq("moves/interrupts", interrupts, ROUNDS);
	return 0;
}
