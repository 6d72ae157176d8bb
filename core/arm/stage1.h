/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks the guest's stage 1 tables in software, as the CPU does (DDI 0406C,
 * short- and long-descriptor formats). Access flags are not set for the guest:
 * CPUs with the Virtualization Extensions have no SCTLR.HA.
 */
#ifndef CORE_ARM_STAGE1_H
#define CORE_ARM_STAGE1_H

#include "core/arm/exception.h"

struct arm_s1 {
	const struct arm_cp15 *cp15;
	/*
	 * Reads size (4 or 8) bytes at ipa, a multiple of size. The byte at ipa
	 * is the lowest of *val. False: an external abort on the walk.
	 */
	bool (*read)(void *arg, uint64_t ipa, unsigned int size, uint64_t *val);
	void *arg;
};

#define ARM_S1_WRITE (1u << 0)
#define ARM_S1_EXEC  (1u << 1)
/* a privileged access: from PL1, but not by LDRT and its like */
#define ARM_S1_PRIV (1u << 2)

/*
 * Translates va for an access (ARM_S1_* bits). True: *ipa is the 40-bit
 * intermediate physical address. False: *fault is ready for arm_inject_dabt()
 * or arm_inject_pabt().
 */
bool arm_s1_translate(const struct arm_s1 *s1, uint32_t va, unsigned int access,
		      uint64_t *ipa, struct arm_fault *fault);

#endif /* CORE_ARM_STAGE1_H */
