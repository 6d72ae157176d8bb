// SPDX-License-Identifier: BSD-2-Clause
/*
 * Chooses what each CPU does about its branch predictor: by core and by what
 * firmware has set (core/arm/branch_predictor.c), unless the kernel's
 * mitigations=off or the module's parameter branch_predictor overrules that.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <asm/cputype.h>

#include "vmm/arm/branch_predictor.h"

static const char *const branch_predictor_choices[] = { "auto", "off", "bpiall",
							"iciallu" };
static enum {
	AUTO,
	OFF,
	ALWAYS_BPIALL,
	ALWAYS_ICIALLU
} branch_predictor_choice;
/* The worst state of all CPUs, because a vCPU may run on any of them. */
static enum bp_state branch_predictor_worst;

static int branch_predictor_set_choice(const char *val,
				       const struct kernel_param *kp)
{
	int i = sysfs_match_string(branch_predictor_choices, val);

	if (i < 0)
		return i;
	branch_predictor_choice = i;
	return 0;
}

/* Reading the parameter shows what is done, and not what was asked for. */
static int branch_predictor_get_state(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", bp_state_text(branch_predictor_state()));
}

static const struct kernel_param_ops branch_predictor_ops = {
	.set = branch_predictor_set_choice, .get = branch_predictor_get_state
};
module_param_cb(branch_predictor, &branch_predictor_ops, NULL, 0444);
MODULE_PARM_DESC(branch_predictor,
		 "at each exit: auto, off, bpiall or iciallu");

static u32 branch_predictor_actlr(void)
{
	u32 actlr;

	asm("mrc p15, 0, %0, c1, c0, 1" : "=r"(actlr));
	return actlr;
}

static enum bp_state branch_predictor_state_here(void)
{
	enum bp_state here =
		bp_state_of(read_cpuid_id(), branch_predictor_actlr());

	if (branch_predictor_choice == ALWAYS_BPIALL)
		return BP_BPIALL;
	if (branch_predictor_choice == ALWAYS_ICIALLU)
		return BP_ICIALLU;
	if (bp_flushes(here) &&
	    (branch_predictor_choice == OFF || cpu_mitigations_off()))
		return BP_OFF;
	return here;
}

static u32 branch_predictor_vectors(enum bp_state here)
{
	switch (here) {
	case BP_BPIALL:
		return (u32)hyp_guest_vectors_bpiall;
	case BP_ICIALLU:
		return (u32)hyp_guest_vectors_iciallu;
	default:
		return (u32)hyp_guest_vectors;
	}
}

void branch_predictor_choose(struct hyp_cpu *cpu)
{
	enum bp_state here = branch_predictor_state_here();

	cpu->guest_hvbar = branch_predictor_vectors(here);
	if (here > READ_ONCE(branch_predictor_worst))
		WRITE_ONCE(branch_predictor_worst, here);
}

enum bp_state branch_predictor_state(void)
{
	return READ_ONCE(branch_predictor_worst);
}
