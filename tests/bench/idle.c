/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest that says when it came to life, by CNTPCT, and then sleeps. */
#include "bench.h"
#include "print.h"

int main(void)
{
	print("alive %u\n", (uint32_t)physical_counter());
	for (;;)
		wfi();
}
