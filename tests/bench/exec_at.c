/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec_at PROGRAM...: tells it when, by the counter that guests see as CNTPCT,
 * as EXEC_AT in its environment. Before that it waits until the shell that
 * started it sleeps, so that the one CPU is the program's alone.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t counter(void)
{
	uint64_t now;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(now));
	return now;
}

int main(int argc, char *argv[])
{
	char at[] = "EXEC_AT=4294967295";

	(void)argc;
	putenv(at);
	usleep(100000);
	/* Twice: all that this takes is at hand by the second time. */
	for (int i = 0; i < 2; i++)
		snprintf(at, sizeof(at), "EXEC_AT=%" PRIu32,
			 (uint32_t)counter());
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
