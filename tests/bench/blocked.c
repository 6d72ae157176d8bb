/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs with vmm.fast_wfi=0, so that WFI traps. */
#include "bench.h"
#include "gic.h"

int main(void)
{
	gic_init();
	bench_blocked();
	return 0;
}
