/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's own address translation: its stage 1 tables, walked by software
 * as Arm ARM DDI 0406C B3.5 (short descriptors), B3.6 (long descriptors) and
 * B3.7 (permissions) have the CPU do it. Access flags are not set for the
 * guest: SCTLR.HA is not in a CPU with the Virtualization Extensions.
 */
#ifndef CORE_ARM_STAGE1_H
#define CORE_ARM_STAGE1_H

#include "core/arm/exception.h"

struct arm_s1 {
	const struct arm_cp15 *cp15;
	/*
	 * Reads size (4 or 8) bytes at ipa, which is a multiple of size:
	 * *val has the byte at ipa lowest. False: external abort on the walk.
	 */
	bool (*read)(void *arg, uint64_t ipa, unsigned int size, uint64_t *val);
	void *arg;
};

#define ARM_S1_WRITE (1u << 0)
#define ARM_S1_EXEC  (1u << 1)
#define ARM_S1_PRIV  (1u << 2) /* from PL1; LDRT and kin are not */

/*
 * Translates va for the access described by ARM_S1_* in access. True: *ipa is
 * the 40-bit intermediate physical address. False: *fault says why, ready for
 * arm_inject_dabt() or arm_inject_pabt().
 */
bool arm_s1_translate(const struct arm_s1 *s1, uint32_t va, unsigned int access,
		      uint64_t *ipa, struct arm_fault *fault);

#endif /* CORE_ARM_STAGE1_H */
