/* SPDX-License-Identifier: BSD-2-Clause */
#include "cache.h"
#include <stdint.h>
#include "sysreg.h"

/* CTR.DminLine: log2 of the words in the smallest data cache line. */
static uint32_t line_size(void)
{
	return 4u << (READ_CP15(0, c0, c0, 1) >> 16 & 15);
}

void cache_clean_invalidate(const void *p, size_t n)
{
	uint32_t line = line_size(), addr = (uint32_t)p & ~(line - 1);

	for (; addr < (uint32_t)p + n; addr += line)
		WRITE_CP15(0, c7, c14, 1, addr); /* DCCIMVAC */
	dsb();
}

void cache_sync_code(const void *p, size_t n)
{
	cache_clean_invalidate(p, n);
	WRITE_CP15(0, c7, c5, 0, 0); /* ICIALLU */
	WRITE_CP15(0, c7, c5, 6, 0); /* BPIALL */
	dsb();
	isb();
}
