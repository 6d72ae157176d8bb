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
static int start_walk(struct vcpu *vcpu, struct arm_cp15 *cp15)
{
	int ret = arm_state_get_cp15(vcpu, cp15);

	cp15->dacr = ALL_MANAGERS;
	cp15->sctlr &= ~SCTLR_AFE;
	return ret;
}

int vm_gla2gpa_nofault(struct vcpu *vcpu, uint64_t gla, uint64_t *gpa)
{
	struct arm_cp15 cp15 = { 0 };
	const struct arm_s1 s1 = { .cp15 = &cp15,
				   .read = read_table,
				   .arg = vcpu_ctx(vcpu) };
	struct arm_fault fault;
	int ret = start_walk(vcpu, &cp15);

	if (ret)
		return ret;
	if (gla >> 32 || !arm_s1_translate(&s1, gla, ARM_S1_PRIV, gpa, &fault))
		return -EFAULT;
	return 0;
}

#define SMALL_PAGE 0x1000u
#define SECTION	   0x100000u

/*
 * How many bytes are not mapped where a walk has failed, from a multiple of
 * that number on. If it failed before the last level, the whole range of a
 * last-level table is missing, which is a section (short format) or two (long
 * format).
 */
static uint32_t hole(const struct arm_cp15 *cp15, const struct arm_fault *fault)
{
	unsigned int last = cp15->ttbcr & ARM_TTBCR_EAE ? 3 : 2;

	return fault->type == ARM_FAULT_TRANSLATION && fault->level < last ?
		       SECTION :
		       SMALL_PAGE;
}

struct run {
	uint64_t gla, gpa, len;
	int (*func)(void *arg, uint64_t gla, uint64_t gpa, uint64_t len);
	void *arg;
};

static int end_run(struct run *run)
{
	int ret = run->len ? run->func(run->arg, run->gla, run->gpa, run->len) :
			     0;

	run->len = 0;
	return ret;
}

static int add_page(struct run *run, uint64_t gla, uint64_t gpa)
{
	int ret = 0;

	if (gpa != run->gpa + run->len)
		ret = end_run(run);
	if (!run->len) {
		run->gla = gla;
		run->gpa = gpa;
	}
	run->len += SMALL_PAGE;
	return ret;
}

int vm_walk_gla(struct vcpu *vcpu, uint64_t start, uint64_t end,
		int (*func)(void *arg, uint64_t gla, uint64_t gpa,
			    uint64_t len),
		void *arg)
{
	struct arm_cp15 cp15 = { 0 };
	const struct arm_s1 s1 = { .cp15 = &cp15,
				   .read = read_table,
				   .arg = vcpu_ctx(vcpu) };
	struct run run = { .func = func, .arg = arg };
	struct arm_fault fault;
	uint64_t gpa;
	int ret = start_walk(vcpu, &cp15);

	if (end > UINT64_C(1) << 32)
		end = UINT64_C(1) << 32;
	for (uint64_t gla = start & -(uint64_t)SMALL_PAGE; gla < end && !ret;) {
		if (arm_s1_translate(&s1, gla, ARM_S1_PRIV, &gpa, &fault)) {
			ret = add_page(&run, gla, gpa);
			gla += SMALL_PAGE;
		} else {
			uint32_t size = hole(&cp15, &fault);

			ret = end_run(&run);
			gla = (gla & -(uint64_t)size) + size;
		}
	}
	return ret ? ret : end_run(&run);
}
