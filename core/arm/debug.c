/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/debug.h"

/*
 * Control bits: E enables. PMC and PAC 3, with HMC and SSC 0, match at PL1 and
 * PL0 but not in HYP mode (DDI 0406C, DBGBCR and DBGWCR). Type 0 matches an
 * address.
 */
#define ENABLE	    (1u << 0)
#define PL1_PL0	    (3u << 1)
#define BCR_BAS(n)  ((uint32_t)(n) << 5)
#define WCR_LSC(n)  ((uint32_t)(n) << 3)
#define WCR_BAS(n)  ((uint32_t)(n) << 5)
#define WCR_MASK(n) ((uint32_t)(n) << 24)

bool arm_debug_set_breakpoint(struct arm_debug *debug, unsigned int n,
			      uint64_t addr, uint32_t len)
{
	/* BAS: the bytes of the word in which the instruction starts. */
	uint32_t bytes = len == 4 ? 0xf : addr & 2 ? 0xc : 0x3;

	if ((len != 2 && len != 4) || addr & (len - 1) || addr >> 32)
		return false;
	debug->bvr[n] = (uint32_t)addr & ~3u;
	debug->bcr[n] = ENABLE | PL1_PL0 | BCR_BAS(bytes);
	return true;
}

static bool debug_in_one_word(uint32_t addr, uint32_t len)
{
	return len >= 1 && len <= 4 && (addr & 3) + len <= 4;
}

static bool debug_is_aligned_block(uint32_t addr, uint32_t len)
{
	return len >= 8 && !(len & (len - 1)) && !(addr & (len - 1));
}

bool arm_debug_set_watchpoint(struct arm_debug *debug, unsigned int n,
			      uint64_t addr, uint32_t len, uint32_t accesses)
{
	uint32_t va = (uint32_t)addr;
	uint32_t which;

	if (addr >> 32 || !accesses ||
	    accesses & ~(ARM_WATCH_LOAD | ARM_WATCH_STORE))
		return false;
	if (debug_in_one_word(va, len))
		which = WCR_BAS(((1u << len) - 1) << (va & 3));
	else if (debug_is_aligned_block(va, len))
		which = WCR_BAS(0xff) | WCR_MASK(__builtin_ctz(len));
	else
		return false;
	debug->wvr[n] = va & ~3u;
	debug->wcr[n] = ENABLE | PL1_PL0 | WCR_LSC(accesses) | which;
	return true;
}
