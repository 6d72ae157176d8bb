/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/hsr.h"

const char *hsr_ec_name(unsigned int ec)
{
	switch (ec) {
	case HSR_EC_UNKNOWN:
		return "unknown reason";
	case HSR_EC_WFX:
		return "WFI or WFE";
	case HSR_EC_CP15_32:
		return "MCR or MRC to CP15";
	case HSR_EC_CP15_64:
		return "MCRR or MRRC to CP15";
	case HSR_EC_CP14_32:
		return "MCR or MRC to CP14";
	case HSR_EC_CP14_LS:
		return "LDC or STC to CP14";
	case HSR_EC_CP_0_13:
		return "access to CP0-CP13";
	case HSR_EC_CP10_ID:
		return "VMRS of an ID register";
	case HSR_EC_BXJ:
		return "BXJ";
	case HSR_EC_CP14_64:
		return "MRRC to CP14";
	case HSR_EC_ILLEGAL:
		return "illegal execution state";
	case HSR_EC_SVC:
		return "SVC taken to Hyp mode";
	case HSR_EC_HVC:
		return "HVC";
	case HSR_EC_SMC:
		return "SMC";
	case HSR_EC_PABT:
		return "Prefetch Abort from PL0 or PL1";
	case HSR_EC_PABT_HYP:
		return "Prefetch Abort from Hyp mode";
	case HSR_EC_DABT:
		return "Data Abort from PL0 or PL1";
	case HSR_EC_DABT_HYP:
		return "Data Abort from Hyp mode";
	}
	return "reserved";
}
