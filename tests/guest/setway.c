/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What kernels do to turn their caches off and on: they clean and invalidate
 * the whole data cache by set and way (Linux's flush_cache_all(), FreeBSD's
 * dcache_wbinv_poc_all()). What was written with the caches on must be in
 * memory afterwards, and what was written past them must be visible through
 * them. Some do it by address.
 */
#include "cache.h"
#include "mmu.h"
#include "sysreg.h"
#include "test.h"

#define WORDS 4096u

static volatile uint32_t buffer[WORDS] __attribute__((aligned(64)));

/* DCCISW of every line of one level of data cache (CCSIDR). */
static void clean_level(uint32_t level)
{
	uint32_t ccsidr, line, ways, sets, way_shift;

	WRITE_CP15(2, c0, c0, 0, level << 1); /* CSSELR */
	isb();
	ccsidr = READ_CP15(1, c0, c0, 0);
	line = (ccsidr & 7) + 4;
	ways = (ccsidr >> 3 & 0x3ff) + 1;
	sets = (ccsidr >> 13 & 0x7fff) + 1;
	way_shift = ways > 1 ? __builtin_clz(ways - 1) : 0;
	for (uint32_t way = 0; way < ways; way++)
		for (uint32_t set = 0; set < sets; set++)
			WRITE_CP15(0, c7, c14, 2,
				   way << way_shift | set << line | level << 1);
}

/* All levels up to that of coherency (CLIDR.LoC). */
static void clean_all(void)
{
	uint32_t clidr = READ_CP15(1, c0, c0, 1);

	dmb();
	for (uint32_t level = 0; level < (clidr >> 24 & 7); level++)
		if ((clidr >> 3 * level & 7) >= 2)
			clean_level(level);
	dsb();
	isb();
}

static void fill(uint32_t seed)
{
	for (uint32_t i = 0; i < WORDS; i++)
		buffer[i] = seed ^ i * 0x9e3779b9u;
}

static uint32_t wrong(uint32_t seed)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < WORDS; i++)
		n += buffer[i] != (seed ^ i * 0x9e3779b9u);
	return n;
}

static void off_and_on(uint32_t seed)
{
	fill(seed);
	clean_all();
	mmu_off();
	clean_all();
	check_eq("setway/seen-past-the-caches", wrong(seed), 0);
	fill(~seed);
	mmu_on_short();
	check_eq("setway/seen-through-the-caches", wrong(~seed), 0);
}

/*
 * Linux's decompressor cleans by address what it has written, and turns its
 * caches off. The kernel writes past them and turns them on.
 */
static void off_and_on_by_address(uint32_t seed)
{
	uint32_t sctlr = READ_SCTLR();

	fill(seed);
	dsb();
	cache_clean_invalidate((void *)0x40010000, 0x100000);
	WRITE_SCTLR(sctlr & ~(SCTLR_M | SCTLR_C));
	isb();
	check_eq("setway/by-address-past-the-caches", wrong(seed), 0);
	fill(~seed);
	WRITE_SCTLR(sctlr);
	isb();
	check_eq("setway/by-address-through-the-caches", wrong(~seed), 0);
}

/*
 * Writes the registers that a kernel with its caches on writes most. These writes
 * must not trap any more.
 */
static void keep_on(void)
{
	fill(7);
	clean_all();
	for (uint32_t i = 0; i < 1000; i++) {
		WRITE_CP15(0, c13, c0, 1, i << 8); /* CONTEXTIDR */
		isb();
	}
	check_eq("setway/contextidr", READ_CP15(0, c13, c0, 1), 999 << 8);
	check_eq("setway/kept-on", wrong(7), 0);
}

int main(void)
{
	mmu_on_short();
	off_and_on(0x12345678);
	off_and_on(0x87654321);
	off_and_on_by_address(0x5a5a5a5a);
	keep_on();
	finish();
}
