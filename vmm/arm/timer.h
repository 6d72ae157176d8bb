/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's timers from the kernel's side (Arm ARM DDI 0406C B8.1). While it
 * runs they are HYP's (hyp/arm/timer.c); a host timer stands in for both while
 * it waits.
 */
#ifndef VMM_ARM_TIMER_H
#define VMM_ARM_TIMER_H

#include <linux/types.h>

struct vcpu;

void timer_init(struct vcpu *vcpu);
void timer_free(struct vcpu *vcpu);

/* CNTPCT of the host. */
u64 timer_count(void);

/*
 * Interrupts off: a timer's interrupt goes if its line has dropped since HYP
 * acknowledged it, and the guest has not.
 */
void timer_after_leave(struct vcpu *vcpu);

/* Either timer's line is up. The vCPU is out of the guest. */
bool timer_fired(struct vcpu *vcpu);

/* The host's timer runs between these. */
void timer_block_begin(struct vcpu *vcpu);
void timer_block_end(struct vcpu *vcpu);

#endif /* VMM_ARM_TIMER_H */
