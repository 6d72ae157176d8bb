/* SPDX-License-Identifier: BSD-2-Clause */
/* Run where WFI traps: with vmm.fast_wfi=0. */
#include "bench.h"
#include "gic.h"

int main(void)
{
	gic_init();
	bench_blocked();
	return 0;
}
