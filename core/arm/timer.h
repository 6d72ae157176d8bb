/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of one generic timer, emulated. count is always the 64-bit
 * counter that the timer compares with, as the guest sees it.
 */
#ifndef CORE_ARM_TIMER_H
#define CORE_ARM_TIMER_H

#include "core/types.h"

#define ARM_TIMER_ENABLE  (1u << 0)
#define ARM_TIMER_IMASK	  (1u << 1)
#define ARM_TIMER_ISTATUS (1u << 2)

struct arm_timer {
	uint64_t cval;
	uint32_t ctl; /* ENABLE and IMASK; ISTATUS is computed */
	uint32_t pad;
};

/*
 * CTL as the guest reads it: ISTATUS is set while the timer is enabled and its
 * condition is met.
 */
uint32_t arm_timer_ctl(const struct arm_timer *t, uint64_t count);
void arm_timer_set_ctl(struct arm_timer *t, uint32_t val);

/* TVAL: CVAL minus the counter, as a signed 32-bit number. */
uint32_t arm_timer_tval(const struct arm_timer *t, uint64_t count);
void arm_timer_set_tval(struct arm_timer *t, uint64_t count, uint32_t val);

/* The level of the timer's interrupt line. */
bool arm_timer_line(const struct arm_timer *t, uint64_t count);

/*
 * Ticks until the line rises; 0: it is up; all ones: never (disabled or
 * masked).
 */
uint64_t arm_timer_deadline(const struct arm_timer *t, uint64_t count);

#endif /* CORE_ARM_TIMER_H */
