// SPDX-License-Identifier: BSD-2-Clause
/* Must compile everywhere: else the probes would say what the set-up lacks. */
#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
