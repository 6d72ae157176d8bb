// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which exits HYP answers by itself. It answers all that it can, unless a
 * module parameter says otherwise, so that tests can compare both ways.
 */
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sched/stat.h>

#include "core/arm/hcr.h"
#include "core/arm/hsr.h"
#include "vmm/arm/fast.h"
#include "vmm/vcpu.h"

static bool fast_hvc = true;
module_param(fast_hvc, bool, 0444);
MODULE_PARM_DESC(fast_hvc, "PSCI and SMCCC queries");

static bool fast_cp15 = true;
module_param(fast_cp15, bool, 0444);
MODULE_PARM_DESC(fast_cp15, "trapped CP15 and CP14 registers");

static bool fast_dist = true;
module_param(fast_dist, bool, 0444);
MODULE_PARM_DESC(fast_dist, "the GIC's distributor");

bool fast_posted = true;
module_param(fast_posted, bool, 0444);
MODULE_PARM_DESC(fast_posted, "posted device memory");

static bool fast_timer = true;
module_param(fast_timer, bool, 0444);
MODULE_PARM_DESC(fast_timer, "the guest's timer interrupts");

static bool fast_wfi = true;
module_param(fast_wfi, bool, 0444);
MODULE_PARM_DESC(fast_wfi,
		 "WFI and WFE without an exit while no other task waits");

void fast_init(void)
{
	unsigned int ec;

	for (ec = 0; ec < ARRAY_SIZE(hyp_handlers); ec++)
		if (!hyp_handlers[ec])
			hyp_handlers[ec] = hyp_full_exit;
	if (!fast_hvc)
		hyp_handlers[HSR_EC_HVC] = hyp_full_exit;
	if (!fast_cp15) {
		hyp_handlers[HSR_EC_CP15_32] = hyp_full_exit;
		hyp_handlers[HSR_EC_CP15_64] = hyp_full_exit;
		hyp_handlers[HSR_EC_CP14_32] = hyp_full_exit;
		hyp_handlers[HSR_EC_CP14_64] = hyp_full_exit;
		hyp_handlers[HSR_EC_CP10_ID] = hyp_full_exit;
	}
	hyp_config.fast_timer = fast_timer;
}

u32 fast_dist_page(u64 gpa)
{
	return fast_dist ? gpa >> PAGE_SHIFT : ~0u;
}

/*
 * A WFI or WFE that does not trap waits in the CPU until an interrupt of the
 * host, such as the one by which another task claims the CPU.
 */
void fast_wfi_choose(struct vcpu *vcpu)
{
	struct hyp_vcpu *hyp = vcpu->arch.hyp;

	if (fast_wfi && !vcpu->halt_exit && single_task_running())
		hyp->hcr &= ~(HCR_TWI | HCR_TWE);
	else
		hyp->hcr |= HCR_TWI | HCR_TWE;
}
