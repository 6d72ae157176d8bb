/* SPDX-License-Identifier: BSD-2-Clause */
/* The generic timer (DDI 0406C, CNTFRQ to CNTV_TVAL). */
#ifndef KIT_TIMER_H
#define KIT_TIMER_H

#include <stdint.h>
#include "sysreg.h"

#define VTIMER_INTID 27
#define PTIMER_INTID 30

#define CTL_ENABLE  (1u << 0)
#define CTL_IMASK   (1u << 1)
#define CTL_ISTATUS (1u << 2)

static inline uint32_t timer_hz(void)
{
	return READ_CP15(0, c14, c0, 0); /* CNTFRQ */
}

static inline uint64_t counter(void) /* CNTVCT */
{
	isb();
	return READ_CP15_64(1, c14);
}

static inline uint64_t physical_counter(void) /* CNTPCT */
{
	isb();
	return READ_CP15_64(0, c14);
}

/* CNTVCT at which to give up, on however slow a machine. */
static inline uint64_t deadline(void)
{
	return counter() + 60ull * timer_hz();
}

static inline void vtimer_set(uint64_t when) /* CNTV_CVAL, CNTV_CTL */
{
	WRITE_CP15_64(3, c14, when);
	WRITE_CP15(0, c14, c3, 1, CTL_ENABLE);
	isb();
}

static inline void vtimer_stop(void)
{
	WRITE_CP15(0, c14, c3, 1, 0);
	isb();
}

static inline uint32_t vtimer_ctl(void)
{
	isb();
	return READ_CP15(0, c14, c3, 1);
}

static inline void ptimer_set(uint64_t when) /* CNTP_CVAL, CNTP_CTL */
{
	WRITE_CP15_64(2, c14, when);
	WRITE_CP15(0, c14, c2, 1, CTL_ENABLE);
	isb();
}

static inline void ptimer_stop(void)
{
	WRITE_CP15(0, c14, c2, 1, 0);
	isb();
}

static inline uint32_t ptimer_ctl(void)
{
	isb();
	return READ_CP15(0, c14, c2, 1);
}

static inline void delay_us(uint32_t us)
{
	uint64_t end = counter() + timer_hz() / 1000000 * us;

	while (counter() < end)
		;
}

#endif
