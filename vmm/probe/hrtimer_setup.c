// SPDX-License-Identifier: BSD-2-Clause
/* Since 6.13; hrtimer_init() was removed later. */
#include <linux/hrtimer.h>

void probe(struct hrtimer *timer, enum hrtimer_restart (*f)(struct hrtimer *));
void probe(struct hrtimer *timer, enum hrtimer_restart (*f)(struct hrtimer *))
{
	hrtimer_setup(timer, f, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
}
