/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * With the MMU on, in both formats: translations persist and change across
 * exits.
 */
#include "cache.h"
#include "exception.h"
#include "exits.h"
#include "mmu.h"
#include "sysreg.h"
#include "test.h"

#define WINDOW 0x60000000u /* a virtual address whose mapping changes */
#define PAGE_A 0x42000000u /* physical, 2 MiB and MiB aligned */
#define PAGE_B 0x42200000u

static uint32_t window(void)
{
	return *(volatile uint32_t *)WINDOW;
}

static void prepare(void)
{
	*(volatile uint32_t *)PAGE_A = 0xaaaa0001;
	*(volatile uint32_t *)PAGE_B = 0xbbbb0002;
	cache_clean_invalidate((void *)PAGE_A, 4);
	cache_clean_invalidate((void *)PAGE_B, 4);
}

static void map_short(uint32_t pa)
{
	uint32_t attributes = mmu_sections[PAGE_A >> 20] & 0xfffff;

	mmu_sections[WINDOW >> 20] = pa ? pa | attributes : 0;
	cache_clean_invalidate(&mmu_sections[WINDOW >> 20], 4);
	tlb_flush();
}

static uint64_t level2[512] __attribute__((aligned(4096)));

/* Maps the second GiB by 2 MiB blocks, so that one of them can be moved. */
static void table_long(void)
{
	uint64_t block = mmu_gigs[1];
	uint32_t i;

	for (i = 0; i < 512; i++)
		level2[i] = block + ((uint64_t)i << 21);
	cache_clean_invalidate(level2, sizeof(level2));
	mmu_gigs[1] = (uint32_t)level2 | 3;
	cache_clean_invalidate(mmu_gigs, sizeof(mmu_gigs));
	tlb_flush();
}

static void map_long(uint32_t pa)
{
	uint64_t attributes = level2[0] & ~0xfff00000ull;

	level2[WINDOW >> 21 & 511] = pa ? pa | attributes : 0;
	cache_clean_invalidate(&level2[WINDOW >> 21 & 511], 8);
	tlb_flush();
}

static void moving(const char *name, void (*map)(uint32_t pa))
{
	uint32_t i, bad = 0;

	for (i = 0; i < 1000; i++) {
		map(i & 1 ? PAGE_A : PAGE_B);
		exit_to_hyp();
		if (!(i & 15))
			exit_to_user();
		bad += window() != (i & 1 ? 0xaaaa0001 : 0xbbbb0002);
	}
	check_eq(name, bad, 0);
}

static void unmapped(const char *name, void (*map)(uint32_t pa))
{
	struct trap trap;

	map(0);
	exit_to_user();
	check_eq(name, TRAP(&trap, window()), VECTOR_DABT);
	check_eq("mmu_exits/fault-address", trap.dfar, WINDOW);
}

/* Translates an address by the CPU's own walk (ATS1CPR). */
static void translate(const char *name, uint32_t va, uint32_t pa)
{
	exit_to_hyp();
	WRITE_CP15(0, c7, c8, 0, va); /* ATS1CPR */
	isb();
	check_eq(name, (uint32_t)READ_CP15_64(0, c7) & 0xfffff001, pa);
}

int main(void)
{
	prepare();
	mmu_on_short();
	exit_often(1000);
	check("mmu_exits/short-stays-on", READ_SCTLR() & SCTLR_M);
	moving("mmu_exits/short-moving", map_short);
	map_short(PAGE_A);
	translate("mmu_exits/short-ats1cpr", WINDOW, PAGE_A);
	unmapped("mmu_exits/short-unmapped", map_short);
	mmu_off();
	mmu_on_long();
	table_long();
	exit_often(1000);
	check("mmu_exits/long-stays-on", READ_SCTLR() & SCTLR_M);
	moving("mmu_exits/long-moving", map_long);
	map_long(PAGE_B);
	translate("mmu_exits/long-ats1cpr", WINDOW, PAGE_B);
	unmapped("mmu_exits/long-unmapped", map_long);
	return 0;
}
