// SPDX-License-Identifier: BSD-2-Clause
/* Memory for the translation tables of core/arm/lpae.c. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <asm/barrier.h>
#include <asm/cacheflush.h>
#include <asm/cputype.h>

#include "core/arm/lpae.h"
#include "vmm/arm/pgtable.h"

void pgtable_free(void *arg, void *table)
{
	free_page((unsigned long)table);
}

uint64_t pgtable_to_pa(void *table)
{
	return __pa(table);
}

void *pgtable_to_va(uint64_t pa)
{
	return __va(pa);
}

static bool pgtable_walks_bypass_caches;

/*
 * ID_MMFR3 says whether table walks are coherent with the data cache. They are
 * on all processors with the Virtualization Extensions that are known.
 */
void pgtable_setup(void)
{
	pgtable_walks_bypass_caches =
		(read_cpuid_ext(CPUID_EXT_MMFR3) >> 20 & 0xf) == 0;
}

/* The barrier orders the write before later table walks. */
void pgtable_sync(void *desc, size_t len)
{
	if (pgtable_walks_bypass_caches)
		__cpuc_flush_dcache_area(desc, len);
	dsb(ishst);
}
