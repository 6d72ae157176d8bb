/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <stddef.h>
#include "bhyvectl/exit_class.h"
#include "core/arm/hsr.h"

#define HSR_WFX_TI 1u /* WFE rather than WFI (DDI 0406C, HSR) */

static const struct exit_class wfi = { "WFI", VM_STAT_WFI };
static const struct exit_class wfe = { "WFE", VM_STAT_WFE };
static const struct exit_class hvc = { "HVC", VM_STAT_HVC };
static const struct exit_class smc = { "SMC", VM_STAT_SMC };
static const struct exit_class fetch = { "fetch abort", -1 };
static const struct exit_class data = { "data abort", -1 };
static const struct exit_class coprocessor = { "CP15, CP14, CP10", -1 };

const struct exit_class *exit_class(uint32_t hsr)
{
	switch (HSR_EC(hsr)) {
	case HSR_EC_WFX:
		return hsr & HSR_WFX_TI ? &wfe : &wfi;
	case HSR_EC_HVC:
		return &hvc;
	case HSR_EC_SMC:
		return &smc;
	case HSR_EC_PABT:
		return &fetch;
	case HSR_EC_DABT:
		return &data;
	default:
		return &coprocessor;
	}
}
