// SPDX-License-Identifier: BSD-2-Clause
/* clear_flush_young() returned int until 6.12, and returns bool in 7.2. */
#include <linux/build_bug.h>
#include <linux/mmu_notifier.h>

#define NOTIFIER ((struct mmu_notifier_ops *)NULL)

static_assert(__same_type(NOTIFIER->clear_flush_young(NULL, NULL, 0, 0), bool));
