// SPDX-License-Identifier: BSD-2-Clause
/*
 * Must compile everywhere: if it does not, the set-up is wrong, and the probes
 * mean nothing.
 */
#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
