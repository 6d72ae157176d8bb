/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page from which a CPU enters HYP.
 */
#ifndef VMM_ARM_HYP_BOOT_H
#define VMM_ARM_HYP_BOOT_H

#include <linux/types.h>

/*
 * Makes it, with the tables that map it, when HYP's own tables are there: 0,
 * -ENOMEM, -ENODEV with a message. free: also of what is there in part.
 */
int hyp_boot_make(void);
void hyp_boot_free(void);
/* Where it is. */
phys_addr_t hyp_boot_pa(void);
/* Where "leave" starts in it: hyp_config.boot_leave. */
u32 hyp_boot_leave(void);

#endif /* VMM_ARM_HYP_BOOT_H */
