/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/branch_predictor.h"

/* MIDR.Implementer and MIDR.PartNumber */
#define PART_MASK	0xff00fff0u
#define PART_ARM	0x41000000u
#define PART_CORTEX_A7	(PART_ARM | 0xc070)
#define PART_CORTEX_A12 (PART_ARM | 0xc0d0)
#define PART_CORTEX_A15 (PART_ARM | 0xc0f0)
#define PART_CORTEX_A17 (PART_ARM | 0xc0e0)
#define PART_CORTEX_A32 (PART_ARM | 0xd010)
#define PART_CORTEX_A35 (PART_ARM | 0xd040)
#define PART_CORTEX_A53 (PART_ARM | 0xd030)
#define PART_CORTEX_A55 (PART_ARM | 0xd050)
#define PART_CORTEX_A73 (PART_ARM | 0xd090)
#define PART_CORTEX_A75 (PART_ARM | 0xd0a0)
#define PART_BRAHMA_B15 0x420000f0u

enum bp_state bp_state_of(uint32_t midr, uint32_t actlr)
{
	switch (midr & PART_MASK) {
	case PART_CORTEX_A7:
	case PART_CORTEX_A32:
	case PART_CORTEX_A35:
	case PART_CORTEX_A53:
	case PART_CORTEX_A55:
		return BP_UNAFFECTED;
	case PART_CORTEX_A12:
	case PART_CORTEX_A17:
	case PART_CORTEX_A73:
	case PART_CORTEX_A75:
		return BP_BPIALL;
	case PART_CORTEX_A15:
	case PART_BRAHMA_B15:
		return actlr & BP_ACTLR_IBE ? BP_ICIALLU : BP_NO_IBE;
	default:
		/*
		 * Among them are Cortex-A57 and A72, for which only firmware
		 * can help.
		 */
		return BP_UNKNOWN;
	}
}

const char *bp_state_text(enum bp_state state)
{
	static const char *const text[] = {
		[BP_UNAFFECTED] = "not affected",
		[BP_BPIALL] = "BPIALL at each exit",
		[BP_ICIALLU] = "ICIALLU at each exit",
		[BP_OFF] = "vulnerable: switched off",
		[BP_NO_IBE] = "vulnerable: firmware left ACTLR.IBE clear",
		[BP_UNKNOWN] = "vulnerable: nothing is known of this core",
	};

	return text[state];
}
