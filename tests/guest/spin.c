/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that never exits by itself: interrupts masked, and a branch to
 * itself.
 */
#include "test.h"

int main(void)
{
	ok("spin/running");
	asm volatile("cpsid aif\n\tb .");
	return 0;
}
