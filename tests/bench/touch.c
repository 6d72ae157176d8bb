/* SPDX-License-Identifier: BSD-2-Clause */
/* The first write to pages. */
#include "bench.h"
#include "test.h"
#include "timer.h"

#define PAGE	   4096
#define FIRST_PAGE 0x44000000u
#define BLOCK	   0x200000u

static volatile uint32_t *touch(volatile uint32_t *p, uint32_t pages)
{
	while (pages--) {
		*p = 1;
		p += PAGE / 4;
	}
	return p;
}

int main(void)
{
	volatile uint32_t *p = (uint32_t *)FIRST_PAGE;

	for (uint32_t i = 0; i < CHUNKS; i++) {
		uint64_t before = counter();

		p = touch(p, PER_CHUNK);
		chunk(counter() - before);
	}
	/*
	 * A whole block, because a huge page costs everything at its first
	 * write.
	 */
	p = (uint32_t *)(((uint32_t)p + BLOCK - 1) & -BLOCK);
	look_from();
	touch(p, BLOCK / PAGE);
	look_to();
	report("first-touch");
	return 0;
}
