/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"
#include "gic.h"
#include "print.h"

static uint64_t chunks[CHUNKS];
static uint32_t nchunks;

/* This read marks the place in QEMU's trace of GIC accesses: nobody else's. */
static void mark(void)
{
	gicc_read(GICC_IIDR);
}

void begin(void)
{
	nchunks = 0;
	mark();
}

void chunk(uint64_t ticks)
{
	chunks[nchunks++] = ticks;
}

void end(const char *name)
{
	uint32_t i;

	mark();
	print("bench %s", name);
	for (i = 0; i < nchunks; i++)
		print(" %u", (uint32_t)chunks[i]);
	print("\n");
}
