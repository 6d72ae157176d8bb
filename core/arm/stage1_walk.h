/* SPDX-License-Identifier: BSD-2-Clause */
/* What the walks of both table formats share. */
#ifndef CORE_ARM_STAGE1_WALK_H
#define CORE_ARM_STAGE1_WALK_H

#include "core/arm/stage1.h"

/* A leaf descriptor, independent of the format. */
struct arm_s1_leaf {
	uint64_t ipa;
	bool unchecked; /* every access is permitted: a manager's domain */
	bool xn;
	bool pxn;
	bool priv_read, priv_write;
	bool user_read, user_write;
};

/* Walk the tables for va. True: *leaf is filled in. False: *fault is. */
bool arm_s1_walk_short(const struct arm_s1 *s1, uint32_t va,
		       struct arm_s1_leaf *leaf, struct arm_fault *fault);
bool arm_s1_walk_long(const struct arm_s1 *s1, uint32_t va,
		      struct arm_s1_leaf *leaf, struct arm_fault *fault);

/* Reads a descriptor of size bytes, in the byte order of SCTLR.EE. */
bool arm_s1_descriptor(const struct arm_s1 *s1, uint64_t ipa, unsigned int size,
		       uint64_t *desc);

/* Fills in *fault and returns false, for "return arm_s1_fault(...)". */
bool arm_s1_fault(struct arm_fault *fault, enum arm_fault_type type,
		  unsigned int level);

#endif /* CORE_ARM_STAGE1_WALK_H */
