/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>

#include "mmu.h"
#include "cache.h"
#include "sysreg.h"

/* Section descriptors (DDI 0406C, short-descriptor format) */
#define SECTION	       0x2u
#define SECTION_XN     (1u << 4)
#define SECTION_RW     (3u << 10)
#define SECTION_DEVICE (1u << 2)		       /* TEX C B = 000 0 1 */
#define SECTION_NORMAL (1u << 12 | 3u << 2 | 1u << 16) /* WBWA, shareable */

/*
 * Block descriptors (DDI 0406C, long-descriptor format); attribute indexes are
 * MAIR0's bytes.
 */
#define BLOCK	     0x1u
#define BLOCK_AF     (1u << 10)
#define BLOCK_SH     (3u << 8)
#define BLOCK_PL0    (1u << 6)
#define BLOCK_NORMAL (1u << 2) /* attribute 1 */
#define BLOCK_XN     (1ull << 54)
#define MAIR0	     0x0000ff04u /* 0: Device, 1: Normal write-back */
#define TTBCR_EAE    (1u << 31)
#define TTBCR_WALKS  (3u << 12 | 1u << 10 | 1u << 8) /* SH0, ORGN0, IRGN0 */
#define TTBR0_WALKS \
	0x4au /* inner and outer WBWA, shareable: DDI 0406C, TTBR0 */

#define SCTLR_ON (SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_Z)

uint32_t mmu_sections[4096] __attribute__((aligned(16384)));
uint64_t mmu_gigs[4] __attribute__((aligned(32)));

static bool was_turned_off;

void tlb_flush(void)
{
	dsb();
	WRITE_CP15(0, c8, c7, 0, 0); /* TLBIALL */
	dsb();
	isb();
}

void mmu_get_state(struct mmu_state *state)
{
	state->sctlr = READ_SCTLR();
	state->ttbcr = READ_CP15(0, c2, c0, 2);
	state->dacr = READ_CP15(0, c3, c0, 0);
	state->mair0 = READ_CP15(0, c10, c2, 0);
	state->mair1 = READ_CP15(0, c10, c2, 1);
	state->ttbr0 = READ_CP15_64(0, c2);
}

void mmu_set_state(const struct mmu_state *state)
{
	WRITE_CP15(0, c2, c0, 2, state->ttbcr);
	WRITE_CP15(0, c3, c0, 0, state->dacr);
	WRITE_CP15(0, c10, c2, 0, state->mair0);
	WRITE_CP15(0, c10, c2, 1, state->mair1);
	isb();
	WRITE_CP15_64(0, c2, state->ttbr0);
	tlb_flush();
	WRITE_CP15(0, c7, c5, 0, 0); /* ICIALLU */
	WRITE_CP15(0, c7, c5, 6, 0); /* BPIALL */
	dsb();
	isb();
	/*
	 * Memory may be newer than the caches: stores went past the caches
	 * meanwhile, and the host, which has the memory mapped, may have fetched
	 * older data speculatively.
	 */
	if (was_turned_off)
		cache_clean_invalidate((void *)0x40010000, 0x100000);
	WRITE_SCTLR(state->sctlr);
	isb();
}

void mmu_on_short(void)
{
	struct mmu_state state = {
		.sctlr = READ_SCTLR() | SCTLR_ON,
		.dacr = 1, /* domain 0: client */
		.ttbr0 = (uint32_t)mmu_sections | TTBR0_WALKS,
	};
	uint32_t mib;

	for (mib = 0; mib < 0x800; mib++)
		mmu_sections[mib] = mib << 20 | SECTION | SECTION_RW |
				    (mib < 0x400 ? SECTION_DEVICE | SECTION_XN :
						   SECTION_NORMAL);
	cache_clean_invalidate(mmu_sections, sizeof(mmu_sections));
	/* Without TRE the descriptor has the attributes, not PRRR. */
	state.mair0 = READ_CP15(0, c10, c2, 0);
	state.mair1 = READ_CP15(0, c10, c2, 1);
	mmu_set_state(&state);
}

void mmu_on_long(void)
{
	struct mmu_state state = {
		.sctlr = READ_SCTLR() | SCTLR_ON,
		.ttbcr = TTBCR_EAE | TTBCR_WALKS,
		.dacr = 1,
		.mair0 = MAIR0,
		.ttbr0 = (uint32_t)mmu_gigs,
	};

	mmu_gigs[0] = BLOCK | BLOCK_AF | BLOCK_SH | BLOCK_PL0 | BLOCK_XN;
	mmu_gigs[1] = 0x40000000u | BLOCK | BLOCK_AF | BLOCK_SH | BLOCK_PL0 |
		      BLOCK_NORMAL;
	cache_clean_invalidate(mmu_gigs, sizeof(mmu_gigs));
	mmu_set_state(&state);
}

void mmu_off(void)
{
	/*
	 * The stack's newest contents are still in the cache: clean them first.
	 */
	dsb();
	cache_clean_invalidate((void *)0x40010000, 0x100000);
	WRITE_SCTLR(READ_SCTLR() & ~(SCTLR_M | SCTLR_C));
	isb();
	WRITE_CP15(0, c2, c0, 2, 0);
	tlb_flush();
	was_turned_off = true;
}
