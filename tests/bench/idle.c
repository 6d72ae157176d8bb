/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that prints CNTPCT at its first instruction, and then sleeps. Its
 * file is not larger than a page.
 */
#include "bench.h"
#include "print.h"

asm(".section .text.start, \"ax\"\n"
    ".globl _start\n"
    "_start:\n\t"
    "mrrc	p15, 0, r0, r1, c14\n\t"
    "ldr	sp, =stack + 1024\n\t"
    "b	live\n\t"
    ".ltorg\n\t"
    ".text");

__attribute__((used)) static char stack[1024] __attribute__((aligned(8)));

__attribute__((used, noreturn)) static void live(uint32_t ticks)
{
	print("alive %u ticks\n", ticks);
	for (;;)
		wfi();
}
