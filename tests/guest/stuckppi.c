/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Acknowledges its timer's interrupt and never ends it, so that the host's PPI
 * stays active. The test kills this guest; a later guest's timer must still
 * work.
 */
#include "gic.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

int main(void)
{
	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	vtimer_set(counter() + timer_hz() / 1000);
	check_eq("stuckppi/acknowledged", gic_wait(), VTIMER_INTID);
	asm volatile("cpsid aif\n\tb .");
	return 0;
}
