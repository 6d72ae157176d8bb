/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/stage1_walk.h"
#include "core/arm/cpu.h"

bool arm_s1_descriptor(const struct arm_s1 *s1, uint64_t ipa, unsigned int size,
		       uint64_t *desc)
{
	if (!s1->read(s1->arg, ipa, size, desc))
		return false;
	if (!(s1->cp15->sctlr & SCTLR_EE))
		return true;
	*desc = __builtin_bswap64(*desc);
	if (size == 4)
		*desc >>= 32;
	return true;
}

bool arm_s1_fault(struct arm_fault *fault, enum arm_fault_type type,
		  unsigned int level)
{
	fault->type = type;
	fault->level = level;
	return false;
}

/* XN, PXN, and what SCTLR.WXN and UWXN make execute-never. */
static bool stage1_may_execute(const struct arm_s1_leaf *leaf, uint32_t sctlr,
			       bool priv)
{
	bool writable = priv ? leaf->priv_write : leaf->user_write;

	if (leaf->xn || (priv && leaf->pxn))
		return false;
	if ((sctlr & SCTLR_WXN) && writable)
		return false;
	if (priv && (sctlr & SCTLR_UWXN) && leaf->user_write)
		return false;
	return priv ? leaf->priv_read : leaf->user_read;
}

static bool stage1_permitted(const struct arm_s1_leaf *leaf, uint32_t sctlr,
			     unsigned int access)
{
	bool priv = access & ARM_S1_PRIV;

	if (leaf->unchecked)
		return true;
	if (access & ARM_S1_EXEC)
		return stage1_may_execute(leaf, sctlr, priv);
	if (access & ARM_S1_WRITE)
		return priv ? leaf->priv_write : leaf->user_write;
	return priv ? leaf->priv_read : leaf->user_read;
}

/*
 * fault->level and domain are the leaf's already, so a permission fault only
 * sets the type.
 */
static bool stage1_translate_on(const struct arm_s1 *s1, uint32_t va,
				unsigned int access, uint64_t *ipa,
				struct arm_fault *fault)
{
	const struct arm_cp15 *cp15 = s1->cp15;
	struct arm_s1_leaf leaf;
	bool walked;

	walked = cp15->ttbcr & ARM_TTBCR_EAE ?
			 arm_s1_walk_long(s1, va, &leaf, fault) :
			 arm_s1_walk_short(s1, va, &leaf, fault);
	if (!walked)
		return false;
	if (!stage1_permitted(&leaf, cp15->sctlr, access))
		return arm_s1_fault(fault, ARM_FAULT_PERMISSION, fault->level);
	*ipa = leaf.ipa;
	return true;
}

bool arm_s1_translate(const struct arm_s1 *s1, uint32_t va, unsigned int access,
		      uint64_t *ipa, struct arm_fault *fault)
{
	fault->type = ARM_FAULT_NONE;
	fault->level = 0;
	fault->domain = 0;
	fault->write = access & ARM_S1_WRITE;
	if (s1->cp15->sctlr & SCTLR_M)
		return stage1_translate_on(s1, va, access, ipa, fault);
	*ipa = va;
	return true;
}
