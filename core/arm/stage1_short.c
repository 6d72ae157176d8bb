/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks translation tables of the short-descriptor format. */
#include "core/arm/stage1_walk.h"
#include "core/arm/cpu.h"

#define TTBCR_N(ttbcr) ((ttbcr)&7)
#define TTBCR_PD0      (1u << 4)
#define TTBCR_PD1      (1u << 5)

/* First-level descriptors */
#define L1_TYPE(desc)	((desc)&3)
#define L1_TABLE	1
#define L1_SUPERSECTION (1u << 18)
#define L1_DOMAIN(desc) (((desc) >> 5) & 0xf)
#define L1_TABLE_PXN	(1u << 2)
#define L1_SECTION_PXN	(1u << 0)
#define L1_SECTION_XN	(1u << 4)

/* Second-level descriptors */
#define L2_TYPE(desc) ((desc)&3)
#define L2_LARGE      1
#define L2_SMALL_XN   (1u << 0)
#define L2_LARGE_XN   (1u << 15)

/* DACR */
#define DOMAIN_CLIENT  1
#define DOMAIN_MANAGER 3

static bool stage1_short_bit(uint32_t word, unsigned int n)
{
	return (word >> n) & 1;
}

/* AP[2:0]. With SCTLR.AFE, AP[0] is the access flag. */
static void stage1_short_set_ap(struct arm_s1_leaf *leaf, unsigned int ap)
{
	leaf->priv_read = ap != 0 && ap != 4;
	leaf->priv_write = ap >= 1 && ap <= 3;
	leaf->user_read = ap == 2 || ap == 3 || ap >= 6;
	leaf->user_write = ap == 3;
}

/*
 * Checks the access flag, then the domain; AP comes after these two. False,
 * with *fault set, if one of them fails.
 */
static bool stage1_short_check(const struct arm_cp15 *cp15,
			       struct arm_s1_leaf *leaf, unsigned int ap,
			       unsigned int level, struct arm_fault *fault)
{
	unsigned int access = (cp15->dacr >> (2 * fault->domain)) & 3;

	fault->level = level;
	if (cp15->sctlr & SCTLR_AFE) {
		if (!(ap & 1))
			return arm_s1_fault(fault, ARM_FAULT_ACCESS_FLAG,
					    level);
		ap |= 1;
	}
	if (access != DOMAIN_CLIENT && access != DOMAIN_MANAGER)
		return arm_s1_fault(fault, ARM_FAULT_DOMAIN, level);
	/* A manager's accesses are not checked, not even for XN. */
	leaf->unchecked = access == DOMAIN_MANAGER;
	stage1_short_set_ap(leaf, ap);
	return true;
}

static bool stage1_short_section(const struct arm_s1 *s1, uint32_t va,
				 uint32_t desc, struct arm_s1_leaf *leaf,
				 struct arm_fault *fault)
{
	unsigned int ap = stage1_short_bit(desc, 15) << 2 | ((desc >> 10) & 3);

	leaf->xn = desc & L1_SECTION_XN;
	leaf->pxn = desc & L1_SECTION_PXN;
	if (desc & L1_SUPERSECTION) {
		/*
		 * A supersection: PA[39:36] is in bits 8:5, PA[35:32] in bits
		 * 23:20.
		 */
		fault->domain = 0;
		leaf->ipa = (uint64_t)((desc >> 5) & 0xf) << 36 |
			    (uint64_t)((desc >> 20) & 0xf) << 32 |
			    (desc & 0xff000000u) | (va & 0x00ffffffu);
	} else {
		leaf->ipa = (desc & 0xfff00000u) | (va & 0x000fffffu);
	}
	return stage1_short_check(s1->cp15, leaf, ap, 1, fault);
}

static bool stage1_short_second_level(const struct arm_s1 *s1, uint32_t va,
				      uint32_t l1, struct arm_s1_leaf *leaf,
				      struct arm_fault *fault)
{
	uint32_t table = (l1 & 0xfffffc00u) | ((va >> 10) & 0x3fc);
	unsigned int ap;
	uint64_t desc64;
	uint32_t desc;

	if (!arm_s1_descriptor(s1, table, 4, &desc64))
		return arm_s1_fault(fault, ARM_FAULT_EXTERNAL_WALK, 2);
	desc = (uint32_t)desc64;
	if (L2_TYPE(desc) == 0)
		return arm_s1_fault(fault, ARM_FAULT_TRANSLATION, 2);
	leaf->pxn = l1 & L1_TABLE_PXN;
	if (L2_TYPE(desc) == L2_LARGE) {
		leaf->xn = desc & L2_LARGE_XN;
		leaf->ipa = (desc & 0xffff0000u) | (va & 0xffff);
	} else {
		leaf->xn = desc & L2_SMALL_XN;
		leaf->ipa = (desc & 0xfffff000u) | (va & 0xfff);
	}
	ap = stage1_short_bit(desc, 9) << 2 | ((desc >> 4) & 3);
	return stage1_short_check(s1->cp15, leaf, ap, 2, fault);
}

/* TTBR0 if the top N bits of va are zero, else TTBR1 (DDI 0406C, TTBCR). */
static bool stage1_short_table_base(const struct arm_cp15 *cp15, uint32_t va,
				    uint64_t *base)
{
	unsigned int n = TTBCR_N(cp15->ttbcr);

	if (n == 0 || (va >> (32 - n)) == 0) {
		*base = (uint32_t)cp15->ttbr0 & (0xffffffffu << (14 - n));
		*base |= ((va & (0xffffffffu >> n)) >> 20) << 2;
		return !(cp15->ttbcr & TTBCR_PD0);
	}
	*base = ((uint32_t)cp15->ttbr1 & 0xffffc000u) | ((va >> 20) << 2);
	return !(cp15->ttbcr & TTBCR_PD1);
}

bool arm_s1_walk_short(const struct arm_s1 *s1, uint32_t va,
		       struct arm_s1_leaf *leaf, struct arm_fault *fault)
{
	uint64_t at, desc64;
	uint32_t desc;

	if (!stage1_short_table_base(s1->cp15, va, &at))
		return arm_s1_fault(fault, ARM_FAULT_TRANSLATION, 1);
	if (!arm_s1_descriptor(s1, at, 4, &desc64))
		return arm_s1_fault(fault, ARM_FAULT_EXTERNAL_WALK, 1);
	desc = (uint32_t)desc64;
	if (L1_TYPE(desc) == 0)
		return arm_s1_fault(fault, ARM_FAULT_TRANSLATION, 1);
	fault->domain = L1_DOMAIN(desc);
	if (L1_TYPE(desc) == L1_TABLE)
		return stage1_short_second_level(s1, va, desc, leaf, fault);
	return stage1_short_section(s1, va, desc, leaf, fault);
}
