/* SPDX-License-Identifier: BSD-2-Clause */
/* The first write to pages nobody has touched. */
#include "bench.h"
#include "test.h"
#include "timer.h"

#define PAGE	   4096
#define FIRST_PAGE 0x44000000u

int main(void)
{
	volatile uint32_t *p = (uint32_t *)FIRST_PAGE;
	uint32_t i, j;

	begin();
	for (i = 0; i < CHUNKS; i++) {
		uint64_t before = counter();

		for (j = 0; j < PER_CHUNK; j++, p += PAGE / 4)
			*p = 1;
		chunk(counter() - before);
	}
	end("first-touch");
	return 0;
}
