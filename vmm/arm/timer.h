/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's timers while the kernel has the vCPU. While the guest runs they
 * are in HYP's hands (hyp/arm/timer.c). While it waits, one timer of the host
 * stands in for both.
 */
#ifndef VMM_ARM_TIMER_H
#define VMM_ARM_TIMER_H

#include <linux/types.h>

struct vcpu;

void timer_init(struct vcpu *vcpu);
void timer_free(struct vcpu *vcpu);

/* The host's CNTPCT, in ticks. Any context. */
u64 timer_count(void);

/*
 * Withdraws the interrupt of a timer whose line has dropped since HYP
 * acknowledged it, if the guest has not taken it. Interrupts off.
 */
void timer_after_leave(struct vcpu *vcpu);

/* Whether the line of either timer is up. The vCPU is out of the guest. */
bool timer_fired(struct vcpu *vcpu);

/*
 * Start and stop the host's timer, which kicks the vCPU when a guest timer
 * expires.
 */
void timer_block_begin(struct vcpu *vcpu);
void timer_block_end(struct vcpu *vcpu);

#endif /* VMM_ARM_TIMER_H */
