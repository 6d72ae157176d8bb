/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/timer.h"

/*
 * TimerConditionMet: the counter has reached CVAL, compared as unsigned 64-bit
 * values.
 */
static bool timer_condition_met(const struct arm_timer *t, uint64_t count)
{
	return count >= t->cval;
}

uint32_t arm_timer_ctl(const struct arm_timer *t, uint64_t count)
{
	uint32_t ctl = t->ctl & (ARM_TIMER_ENABLE | ARM_TIMER_IMASK);

	if ((ctl & ARM_TIMER_ENABLE) && timer_condition_met(t, count))
		ctl |= ARM_TIMER_ISTATUS;
	return ctl;
}

void arm_timer_set_ctl(struct arm_timer *t, uint32_t val)
{
	t->ctl = val & (ARM_TIMER_ENABLE | ARM_TIMER_IMASK);
}

uint32_t arm_timer_tval(const struct arm_timer *t, uint64_t count)
{
	return (uint32_t)(t->cval - count);
}

void arm_timer_set_tval(struct arm_timer *t, uint64_t count, uint32_t val)
{
	t->cval = count + (uint64_t)(int64_t)(int32_t)val;
}

static bool timer_fires(const struct arm_timer *t)
{
	return (t->ctl & (ARM_TIMER_ENABLE | ARM_TIMER_IMASK)) ==
	       ARM_TIMER_ENABLE;
}

bool arm_timer_line(const struct arm_timer *t, uint64_t count)
{
	return timer_fires(t) && timer_condition_met(t, count);
}

uint64_t arm_timer_deadline(const struct arm_timer *t, uint64_t count)
{
	if (!timer_fires(t))
		return ~(uint64_t)0;
	return timer_condition_met(t, count) ? 0 : t->cval - count;
}
