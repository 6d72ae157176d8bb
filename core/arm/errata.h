/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The errata of a CPU for which vmm.ko has to do something; docs/errata.md
 * lists all that were looked at. No locks, no state.
 */
#ifndef CORE_ARM_ERRATA_H
#define CORE_ARM_ERRATA_H

#include "core/types.h"

/*
 * Cortex-A15 erratum 798181: the DSB after an Inner Shareable TLB operation
 * does not wait for other CPUs' accesses by the old entries. What helps, from
 * the least to the most:
 */
enum erratum_798181 {
	ERRATUM_798181_NOT,    /* nothing is needed */
	ERRATUM_798181_REPEAT, /* the TLB operation and DSB a second time */
	ERRATUM_798181_IPI,    /* that, and then a barrier on each other CPU */
};

/*
 * What a CPU with these values needs. REVIDR bits 4 and 9 say which of Arm's fixes
 * it has.
 */
static inline enum erratum_798181 erratum_798181_of(uint32_t midr,
						    uint32_t revidr)
{
	const uint32_t fix = 1u << 4, fix_of_fix = 1u << 9;

	/* Broadcom's Brahma-B15, r0p0 to r0p2. */
	if ((midr & 0xff0ffff0) == 0x420f00f0 && midr <= 0x420f00f2)
		return ERRATUM_798181_IPI;
	if ((midr & 0xff0ffff0) != 0x410fc0f0 || midr >= 0x414fc0f0)
		return ERRATUM_798181_NOT;
	if (midr < 0x412fc0f2) /* r2p2 */
		return ERRATUM_798181_IPI;
	if (midr < 0x412fc0f4) /* r2p4 */
		return revidr & fix ? ERRATUM_798181_REPEAT :
				      ERRATUM_798181_IPI;
	if (midr < 0x413fc0f3) { /* r3p3 */
		if (!(revidr & (fix | fix_of_fix)))
			return ERRATUM_798181_IPI;
		return revidr & fix_of_fix ? ERRATUM_798181_NOT :
					     ERRATUM_798181_REPEAT;
	}
	return revidr & fix_of_fix ? ERRATUM_798181_NOT : ERRATUM_798181_REPEAT;
}

/*
 * Cortex-A57 erratum 1319537 and A72 erratum 1319367: a speculative table walk may
 * use registers of two contexts, as HYP writes them one after the other, and leaves
 * a wrong entry in the TLB.
 */
static inline bool erratum_1319367_of(uint32_t midr)
{
	uint32_t part = midr & 0xff00fff0;

	return part == 0x4100d070 || part == 0x4100d080;
}

#endif /* CORE_ARM_ERRATA_H */
