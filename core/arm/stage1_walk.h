/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two translation table formats share.
 */
#ifndef CORE_ARM_STAGE1_WALK_H
#define CORE_ARM_STAGE1_WALK_H

#include "core/arm/stage1.h"

/* A leaf descriptor, in terms common to both formats. */
struct arm_s1_leaf {
	uint64_t ipa;
	bool unchecked; /* every access is permitted */
	bool xn;
	bool pxn;
	bool priv_read, priv_write;
	bool user_read, user_write;
};

/* Each fills *leaf and returns true, or *fault and returns false. */
bool arm_s1_walk_short(const struct arm_s1 *s1, uint32_t va,
		       struct arm_s1_leaf *leaf, struct arm_fault *fault);
bool arm_s1_walk_long(const struct arm_s1 *s1, uint32_t va,
		      struct arm_s1_leaf *leaf, struct arm_fault *fault);

/* A descriptor of size bytes, its byte order that of SCTLR.EE undone. */
bool arm_s1_descriptor(const struct arm_s1 *s1, uint64_t ipa, unsigned int size,
		       uint64_t *desc);

/* Fills in a fault and returns false, for "return arm_s1_fault(...)". */
bool arm_s1_fault(struct arm_fault *fault, enum arm_fault_type type,
		  unsigned int level);

#endif /* CORE_ARM_STAGE1_WALK_H */
