/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks translation tables of the long-descriptor format. */
#include "core/arm/stage1_walk.h"
#include "core/arm/cpu.h"

#define TTBCR_T0SZ(ttbcr) ((ttbcr)&7)
#define TTBCR_T1SZ(ttbcr) (((ttbcr) >> 16) & 7)
#define TTBCR_EPD0	  (1u << 7)
#define TTBCR_EPD1	  (1u << 23)

#define DESC_VALID    ((uint64_t)1 << 0)
#define DESC_TABLE    ((uint64_t)1 << 1) /* or, at level 3, a page */
#define DESC_AP1      ((uint64_t)1 << 6) /* PL0 has access */
#define DESC_AP2      ((uint64_t)1 << 7) /* read-only */
#define DESC_AF	      ((uint64_t)1 << 10)
#define DESC_PXN      ((uint64_t)1 << 53)
#define DESC_XN	      ((uint64_t)1 << 54)
#define DESC_PXNTABLE ((uint64_t)1 << 59)
#define DESC_XNTABLE  ((uint64_t)1 << 60)
#define DESC_APTABLE0 ((uint64_t)1 << 61) /* PL0 has no access */
#define DESC_APTABLE1 ((uint64_t)1 << 62) /* read-only */
#define DESC_ADDRESS  0xfffffff000ull	  /* bits 39:12 */
#define ADDRESS_40    0xffffffffffull

struct walk {
	uint64_t table;
	uint32_t va; /* without the bits that selected the TTBR */
	unsigned int level;
	uint64_t limits; /* attributes of the tables so far */
};

/* Starts the walk in the region of TTBR0 or TTBR1, whose size TxSZ gives. */
static void stage1_long_start(struct walk *w, uint32_t va, uint64_t ttbr,
			      unsigned int tsz)
{
	/* The lowest bit of BADDR: the first table is aligned to its size. */
	unsigned int x = tsz > 1 ? 14 - tsz : 5 - tsz;

	w->va = va & (0xffffffffu >> tsz);
	w->level = tsz > 1 ? 2 : 1;
	w->table = ttbr & ADDRESS_40 & (~(uint64_t)0 << x);
	w->limits = 0;
}

/*
 * Selects TTBR0 or TTBR1; false: a translation fault. If both regions cover va,
 * which needs T0SZ = 0, it is TTBR1's.
 */
static bool stage1_long_select_ttbr(const struct arm_cp15 *cp15, uint32_t va,
				    struct walk *w)
{
	unsigned int t0 = TTBCR_T0SZ(cp15->ttbcr);
	unsigned int t1 = TTBCR_T1SZ(cp15->ttbcr);
	bool low = t0 == 0 || (va >> (32 - t0)) == 0;
	bool high = t1 == 0 ? !low : (~va >> (32 - t1)) == 0;

	if (high) {
		stage1_long_start(w, va, cp15->ttbr1, t1);
		return !(cp15->ttbcr & TTBCR_EPD1);
	}
	if (low) {
		stage1_long_start(w, va, cp15->ttbr0, t0);
		return !(cp15->ttbcr & TTBCR_EPD0);
	}
	return false;
}

/* The lowest VA bit that a level translates: 30, 21, 12. */
static unsigned int stage1_long_level_shift(unsigned int level)
{
	return 39 - 9 * level;
}

/*
 * The first table may be smaller than a page; w->va has no bits above its size.
 */
static uint64_t stage1_long_entry_address(const struct walk *w)
{
	uint32_t index = (w->va >> stage1_long_level_shift(w->level)) & 0x1ff;

	return w->table | ((uint64_t)index << 3);
}

static void stage1_long_leaf_of(struct arm_s1_leaf *leaf, const struct walk *w,
				uint64_t desc, uint32_t va)
{
	uint64_t offset =
		((uint64_t)1 << stage1_long_level_shift(w->level)) - 1;
	bool user = (desc & DESC_AP1) && !(w->limits & DESC_APTABLE0);
	bool writable = !(desc & DESC_AP2) && !(w->limits & DESC_APTABLE1);

	leaf->ipa = (desc & DESC_ADDRESS & ~offset) | (va & offset);
	leaf->unchecked = false;
	leaf->xn = (desc & DESC_XN) || (w->limits & DESC_XNTABLE);
	leaf->pxn = (desc & DESC_PXN) || (w->limits & DESC_PXNTABLE);
	leaf->priv_read = true;
	leaf->priv_write = writable;
	leaf->user_read = user;
	leaf->user_write = user && writable;
}

/* Whether this type of descriptor is allowed at this level. */
static bool stage1_long_valid(uint64_t desc, unsigned int level)
{
	return (desc & DESC_VALID) && (level < 3 || (desc & DESC_TABLE));
}

static bool stage1_long_is_table(uint64_t desc, unsigned int level)
{
	return level < 3 && (desc & DESC_TABLE);
}

bool arm_s1_walk_long(const struct arm_s1 *s1, uint32_t va,
		      struct arm_s1_leaf *leaf, struct arm_fault *fault)
{
	struct walk w;
	uint64_t desc;
	bool selected = stage1_long_select_ttbr(s1->cp15, va, &w);

	/* A fault before any lookup is reported as level 1. */
	if (!selected)
		return arm_s1_fault(fault, ARM_FAULT_TRANSLATION, 1);
	for (;;) {
		if (!arm_s1_descriptor(s1, stage1_long_entry_address(&w), 8,
				       &desc))
			return arm_s1_fault(fault, ARM_FAULT_EXTERNAL_WALK,
					    w.level);
		if (!stage1_long_valid(desc, w.level))
			return arm_s1_fault(fault, ARM_FAULT_TRANSLATION,
					    w.level);
		if (!stage1_long_is_table(desc, w.level))
			break;
		w.limits |= desc & (DESC_APTABLE0 | DESC_APTABLE1 |
				    DESC_XNTABLE | DESC_PXNTABLE);
		w.table = desc & DESC_ADDRESS;
		w.level++;
	}
	fault->level = w.level;
	if (!(desc & DESC_AF))
		return arm_s1_fault(fault, ARM_FAULT_ACCESS_FLAG, w.level);
	stage1_long_leaf_of(leaf, &w, desc, va);
	return true;
}
