/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "print.h"

static uint64_t chunks[MAX_CHUNKS];
static uint32_t nchunks;

void look_from(void)
{
	asm volatile("" ::: "memory");
}

void look_to(void)
{
	asm volatile("" ::: "memory");
}

void chunk(uint64_t ticks)
{
	chunks[nchunks++] = ticks;
}

void report(const char *name)
{
	uint32_t i;

	print("bench %s", name);
	for (i = 0; i < nchunks; i++)
		print(" %u", (uint32_t)chunks[i]);
	print("\n");
	nchunks = 0;
}
