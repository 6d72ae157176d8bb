// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cleans memory for who bypasses the caches. The kernel has no address for most
 * of it, and to make one takes it longer than the cleaning does.
 */
#include "core/arm/lpae.h"
#include "hyp/arm/hyp_internal.h"

/* As HYP's data (hyp_map.c), but nothing is to be written. */
#define PROT (LPAE_AF | LPAE_SH_INNER | LPAE_ATTR(0) | LPAE_AP_RO | LPAE_XN)

/* CTR.DminLine (Arm ARM DDI 0406C, CTR), in bytes. */
static uint32_t line_size(void)
{
	return 4u << (read_ctr() >> 16 & 0xf);
}

static uint32_t clean_line(uint32_t va, uint32_t line)
{
	write_dccimvac(va);
	return va + line;
}

/* Whole pages; by eight lines, as counting would take as long as the cleaning. */
static void clean(uint32_t va, uint32_t end, uint32_t line)
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

/* Entry i: first + i * step. Walks may bypass the caches as well. */
static void write_entries(volatile uint64_t *entry, uint32_t pages,
			  uint64_t first, uint32_t step, uint32_t line)
{
	uint32_t at = (uint32_t)entry, end = (uint32_t)(entry + pages);

	for (uint32_t i = 0; i < pages; i++, first += step)
		entry[i] = first;
	while (at < end)
		at = clean_line(at, line);
	dsb();
}

static void forget(uint32_t va, uint32_t end)
{
	for (; va != end; va += LPAE_PAGE_SIZE)
		write_tlbimvah(va);
	dsb();
	isb();
}

uint32_t hyp_clean(const struct hyp_cpu *cpu, uint32_t pfn, uint32_t pages)
{
	const uint32_t line = line_size();
	const uint32_t va = cpu->window, end = va + pages * LPAE_PAGE_SIZE;
	const uint64_t pa = (uint64_t)pfn * LPAE_PAGE_SIZE;

	write_entries(cpu->window_entries, pages, lpae_page(pa, PROT),
		      LPAE_PAGE_SIZE, line);
	isb();
	clean(va, end, line);
	/* Break before the next make: B3.10.1. */
	write_entries(cpu->window_entries, pages, 0, 0, line);
	forget(va, end);
	return 0;
}
