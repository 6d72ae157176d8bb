// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cleans pages of guest memory to the point of coherency, for a guest that
 * bypasses the caches. HYP maps them for this, because most are in high memory:
 * the kernel has no address for those, and would take longer to map them than
 * the cleaning takes.
 */
#include "core/arm/lpae.h"
#include "hyp/arm/hyp_internal.h"

/* The attributes of HYP's data (hyp_map.c), but read-only. */
#define PROT (LPAE_AF | LPAE_SH_INNER | LPAE_ATTR(0) | LPAE_AP_RO | LPAE_XN)

/* The smallest data cache line in bytes: CTR.DminLine (DDI 0406C, CTR). */
static uint32_t clean_line_size(void)
{
	return 4u << (read_ctr() >> 16 & 0xf);
}

static uint32_t clean_line(uint32_t va, uint32_t line)
{
	write_dccimvac(va);
	return va + line;
}

/*
 * va and end are page-aligned. Each turn of the loop cleans eight lines,
 * because a test of the address for each line would take as long as the
 * cleaning.
 */
static void clean_insn(uint32_t va, uint32_t end, uint32_t line)
{
	while (va != end) {
		va = clean_line(va, line);
		va = clean_line(va, line);
		va = clean_line(va, line);
		va = clean_line(va, line);
		va = clean_line(va, line);
		va = clean_line(va, line);
		va = clean_line(va, line);
		va = clean_line(va, line);
	}
	dsb();
}

/*
 * Sets entry i to first + i * step, and cleans the entries, since a table walk may
 * bypass the caches.
 */
static void clean_write_entries(volatile uint64_t *entry, uint32_t pages,
				uint64_t first, uint32_t step, uint32_t line)
{
	uint32_t at = (uint32_t)entry, end = (uint32_t)(entry + pages);

	for (uint32_t i = 0; i < pages; i++, first += step)
		entry[i] = first;
	while (at < end)
		at = clean_line(at, line);
	dsb();
}

static void clean_forget(uint32_t va, uint32_t end)
{
	for (; va != end; va += LPAE_PAGE_SIZE)
		write_tlbimvah(va);
	dsb();
	isb();
}

uint32_t hyp_clean(const struct hyp_cpu *cpu, uint32_t pfn, uint32_t pages)
{
	const uint32_t line = clean_line_size();
	const uint32_t va = cpu->window, end = va + pages * LPAE_PAGE_SIZE;
	const uint64_t pa = (uint64_t)pfn * LPAE_PAGE_SIZE;

	clean_write_entries(cpu->window_entries, pages, lpae_page(pa, PROT),
			    LPAE_PAGE_SIZE, line);
	isb();
	clean_insn(va, end, line);
	/*
	 * Break-before-make: the entries are cleared before they are used
	 * again.
	 */
	clean_write_entries(cpu->window_entries, pages, 0, 0, line);
	clean_forget(va, end);
	return 0;
}
