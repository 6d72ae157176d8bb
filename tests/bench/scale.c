/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One exit that HYP answers and one that bhyve answers, while other guests run.
 */
#include "bench.h"

int main(void)
{
	BENCH("hvc-unknown", "mov r0, r4\n\thvc #0", 0x8400ffff, 0, 0, 0);
	BENCH("mmio-read", "ldr r0, [r4]", GPIOAFSEL, 0, 0, 0);
	return 0;
}
