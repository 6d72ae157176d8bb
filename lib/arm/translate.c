/* SPDX-License-Identifier: BSD-2-Clause */
/* Translation of the guest's virtual addresses, for a debugger. */
#include <errno.h>
#include <string.h>
#include "core/arm/cpu.h"
#include "core/arm/stage1.h"
#include "lib/arm/state.h"

#define ALL_MANAGERS 0xffffffffu /* DACR: no access is checked */

static bool read_table(void *arg, uint64_t ipa, unsigned int size,
		       uint64_t *val)
{
	const void *mem = vm_map_gpa(arg, ipa, size);

	*val = 0;
	if (mem)
		memcpy(val, mem, size);
	return mem != NULL;
}

/*
 * Nothing is checked in a manager's domain of the short format, and in the long
 * format PL1 can read all that is mapped. So only the walk itself can fail.
 */
int vm_gla2gpa_nofault(struct vcpu *vcpu, uint64_t gla, uint64_t *gpa)
{
	struct arm_cp15 cp15 = { 0 };
	const struct arm_s1 s1 = { .cp15 = &cp15,
				   .read = read_table,
				   .arg = vcpu_ctx(vcpu) };
	struct arm_fault fault;
	int ret = arm_state_get_cp15(vcpu, &cp15);

	if (ret)
		return ret;
	cp15.dacr = ALL_MANAGERS;
	cp15.sctlr &= ~SCTLR_AFE;
	if (gla >> 32 || !arm_s1_translate(&s1, gla, ARM_S1_PRIV, gpa, &fault))
		return -EFAULT;
	return 0;
}
