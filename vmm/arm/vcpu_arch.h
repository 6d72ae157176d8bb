/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a vCPU has of ARMv7's own.
 */
#ifndef VMM_ARM_VCPU_ARCH_H
#define VMM_ARM_VCPU_ARCH_H

#include <linux/hrtimer.h>
#include <linux/types.h>

#include "hyp/hyp.h"

struct vcpu_arch {
	struct hyp_vcpu *hyp;	/* shared with HYP */
	u32 run_call;		/* HYP_CALL_RUN or HYP_CALL_RUN_DEBUG */
	u32 hyp_exit;		/* enum hyp_exit of the last run */
	struct hyp_fault fault; /* of HYP_EXIT_FAULT */
	struct hrtimer timer;	/* stands in for the guest's while it blocks */
};

/*
 * PPIs of the guest whose physical interrupts HYP has acknowledged since this
 * was last called: vgic_inject_hw_ppi() is to get them.
 */
static inline u32 vcpu_arch_take_acked(struct vcpu_arch *arch)
{
	u32 ppis = arch->hyp->acked;

	arch->hyp->acked = 0;
	return ppis;
}

/* The host's PPIs that the next entry on this CPU has active at the GIC. */
static inline void vcpu_arch_set_active(struct vcpu_arch *arch, u32 ppis)
{
	arch->hyp->cpu->active_ppis = ppis;
}

#endif /* VMM_ARM_VCPU_ARCH_H */
