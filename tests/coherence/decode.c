// SPDX-License-Identifier: BSD-2-Clause
/*
 * MCR and MCRR of CP15 (DDI 0406C, MCR and MCRR). Thumb has the same bits as
 * ARM, with the halfwords the other way round and 0b1110 for the condition;
 * that a word is neither is told by its instruction set at execution.
 */
#include "decode.h"

#define COND_AL 0xe

struct operation {
	uint8_t crm, opc2;
	enum maintenance op;
};

/* Cache maintenance: CRn 7, opc1 0 (DDI 0406C, cache maintenance operations) */
static const struct operation operations[] = {
	{ 1, 0, MAINT_ICACHE_ALL_IS }, { 5, 0, MAINT_ICACHE_ALL },
	{ 5, 1, MAINT_ICACHE_LINE },   { 6, 1, MAINT_INVALIDATE_POC },
	{ 10, 1, MAINT_CLEAN_POC },    { 10, 2, MAINT_SET_WAY },
	{ 11, 1, MAINT_CLEAN_POU },    { 14, 1, MAINT_CLEAN_INVALIDATE_POC },
	{ 14, 2, MAINT_SET_WAY },
};

/*
 * DCISW is not among them: it is for a CPU that comes out of reset, whose own
 * caches have nothing that is of use, and the model has one cache for all.
 */
static enum maintenance cache_operation(uint32_t word)
{
	unsigned int crm = word & 0xf, opc2 = word >> 5 & 7;

	if (word >> 21 & 7)
		return MAINT_NONE;
	for (unsigned int i = 0; i < sizeof(operations) / sizeof(*operations);
	     i++)
		if (operations[i].crm == crm && operations[i].opc2 == opc2)
			return operations[i].op;
	return MAINT_NONE;
}

static enum maintenance by_crn(uint32_t word)
{
	switch (word >> 16 & 0xf) {
	case 1:	 /* SCTLR, HCR, HSCTLR */
	case 2:	 /* TTBR, TTBCR, HTCR, VTCR */
	case 10: /* PRRR, MAIR, HMAIR */
		return MAINT_REGISTER;
	case 7:
		return cache_operation(word);
	case 8:
		return MAINT_TLB;
	default:
		return MAINT_NONE;
	}
}

/* An ARM instruction, its condition aside. */
static enum maintenance decode(uint32_t word)
{
	if ((word & 0x0f100f10) == 0x0e000f10)
		return by_crn(word);
	/* MCRR: TTBR, VTTBR, HTTBR */
	if ((word & 0x0ff00f0f) == 0x0c400f02)
		return MAINT_REGISTER;
	return MAINT_NONE;
}

struct cp15_write decode_cp15(uint32_t word)
{
	uint32_t swapped = word >> 16 | word << 16;
	struct cp15_write w = { .op = decode(word), .cond = word >> 28 };

	if (w.op == MAINT_NONE && swapped >> 28 == 0xe) {
		w = (struct cp15_write){ .op = decode(swapped),
					 .thumb = true,
					 .cond = COND_AL };
		word = swapped;
	}
	/* 0b1111 is MCR2. */
	if (w.cond == 0xf)
		w.op = MAINT_NONE;
	w.rt = word >> 12 & 0xf;
	return w;
}
