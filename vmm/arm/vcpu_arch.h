/* SPDX-License-Identifier: BSD-2-Clause */
/* ARMv7's part of struct vcpu. */
#ifndef VMM_ARM_VCPU_ARCH_H
#define VMM_ARM_VCPU_ARCH_H

#include <linux/hrtimer.h>
#include <linux/types.h>

#include "hyp/arm/state.h"

/* A load or store that user space emulates. */
struct vcpu_mmio {
	bool decoded; /* the syndrome describes it: the next VM_RUN completes it */
	bool write;
	bool sign;
	u8 size;
	u8 reg;
	bool il4;
	bool be;
	u32 far;
};

struct vcpu_arch {
	struct hyp_vcpu *hyp;	/* shared with HYP */
	u32 run_call;		/* HYP_CALL_RUN or HYP_CALL_RUN_DEBUG */
	u32 watched_writes;	/* how many still trap: cp15_watch_caches() */
	bool debugged;		/* debug events leave VM_RUN (VM_DEBUG_F_ON) */
	u32 hyp_exit;		/* enum hyp_exit of the last run */
	unsigned long told_rcu; /* jiffies of the last report to RCU */
	struct vcpu_mmio mmio;
	struct hyp_fault fault; /* the fault of HYP_EXIT_FAULT */
	/* stands in for the guest's timers while it blocks */
	struct hrtimer timer;
};

/*
 * Returns and clears the guest's PPIs whose physical interrupts HYP has
 * acknowledged, which vgic_inject_hw_ppi() must be told of. Interrupts off.
 */
static inline u32 vcpu_arch_take_acked(struct vcpu_arch *arch)
{
	u32 ppis = arch->hyp->acked;

	arch->hyp->acked = 0;
	return ppis;
}

/*
 * ppis: the host's PPIs that are active at this CPU's GIC now. The next entry
 * here changes them to what its vCPU needs. Interrupts off.
 */
static inline void vcpu_arch_set_active(struct vcpu_arch *arch, u32 ppis)
{
	arch->hyp->cpu->active_ppis = ppis;
}

/*
 * The state of the vCPU's interrupts has been replaced. The CPU it last ran on
 * still has the old VMCR and APR in GICH: has all of GICH loaded at the next
 * entry. The vCPU is out of the guest.
 */
static inline void vcpu_arch_forget_gich(struct vcpu_arch *arch)
{
	arch->hyp->cpu = NULL;
}

/* While it is not in the guest: where it goes on, and what the last trap says. */
static inline u32 vcpu_arch_pc(const struct vcpu_arch *arch)
{
	return arch->hyp->regs.pc;
}

static inline u32 vcpu_arch_syndrome(const struct vcpu_arch *arch)
{
	return arch->hyp->hsr;
}

#endif /* VMM_ARM_VCPU_ARCH_H */
