/* SPDX-License-Identifier: BSD-2-Clause */
/* exec_at PROGRAM...: says when, by the counter that guests see as CNTPCT. */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	uint64_t now;

	(void)argc;
	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(now));
	printf("exec %u\n", (unsigned int)now);
	fflush(stdout);
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
