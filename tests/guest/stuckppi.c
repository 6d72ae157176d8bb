/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Acknowledges its timer's interrupt and never ends it: on the host the PPI stays
 * active. To be killed; a later guest's timer must not suffer from it.
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
