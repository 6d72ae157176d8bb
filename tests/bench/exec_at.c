/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec_at PROGRAM...: runs PROGRAM with the present time in EXEC_AT of its
 * environment, by the counter that guests read as CNTPCT. First it waits until
 * the shell that started it sleeps, so that PROGRAM has the one CPU for itself.
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
	/* Twice, so that everything needed is in memory the second time. */
	for (int i = 0; i < 2; i++)
		snprintf(at, sizeof(at), "EXEC_AT=%" PRIu32,
			 (uint32_t)counter());
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
