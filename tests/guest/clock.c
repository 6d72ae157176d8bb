/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads its clock without end, and prints when it has jumped by seconds: the
 * guest was stopped meanwhile.
 */
#include "print.h"
#include "test.h"
#include "timer.h"

#define JUMP_S 3

int main(void)
{
	uint64_t before = counter(), now;

	ok("clock/running");
	for (;;) {
		now = counter();
		if (now - before > (uint64_t)JUMP_S * timer_hz())
			print("clock jumped\n");
		before = now;
	}
}
