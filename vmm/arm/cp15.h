/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a vCPU that is out of the guest, for the functions of
 * core/arm/cp15.h. In the vCPU's thread, or with vcpu->lock held.
 */
#ifndef VMM_ARM_CP15_H
#define VMM_ARM_CP15_H

#include "core/arm/cp15.h"

struct vcpu;

struct arm_cp_ctx cp_ctx(struct vcpu *vcpu);

/*
 * To be called after a register was written that may have turned the guest's
 * caches on or off; were_on is what guest_va_caches_on() returned before. May
 * sleep.
 */
void cp15_follow_caches(struct vcpu *vcpu, bool were_on);

/*
 * To be called when the guest's memory was flushed, or the vCPU was reset: lets the
 * vCPU's writes of MMU registers trap, so that vmm.ko sees it turn its caches on
 * or off.
 */
void cp15_watch_caches(struct vcpu *vcpu);

#endif /* VMM_ARM_CP15_H */
