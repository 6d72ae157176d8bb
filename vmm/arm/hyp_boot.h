/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot page, by which a CPU enters HYP and leaves it. */
#ifndef VMM_ARM_HYP_BOOT_H
#define VMM_ARM_HYP_BOOT_H

#include <linux/types.h>

/*
 * Makes the boot page and its tables, after HYP's own tables. 0, -ENOMEM;
 * -ENODEV, with a line in the log. hyp_boot_free() also frees what was made in
 * part.
 */
int hyp_boot_make(void);
void hyp_boot_free(void);
/* The boot page's physical address. */
phys_addr_t hyp_boot_pa(void);
/* The kernel address of "leave" in it, for hyp_config.boot_leave. */
u32 hyp_boot_leave(void);

#endif /* VMM_ARM_HYP_BOOT_H */
