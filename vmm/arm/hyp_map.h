/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYP's own translation tables. They map memory at the kernel's address:
 * hyp_map_code() read-only and executable, the others writable and not
 * executable. Functions that return int return 0 or -ENOMEM. May sleep.
 */
#ifndef VMM_ARM_HYP_MAP_H
#define VMM_ARM_HYP_MAP_H

#include <linux/types.h>

#include "hyp/arm/state.h"

int hyp_map_init(void);
void hyp_map_exit(void);
int hyp_map_code(void *va, size_t len);
int hyp_map_data(void *va, size_t len);
int hyp_map_device(void __iomem *va, phys_addr_t pa, size_t len);
/* Unmaps memory that HYP no longer uses. */
void hyp_unmap(void *va, size_t len);
u64 hyp_httbr(void);
/*
 * Makes the tables for the CPUs' windows (hyp/arm/clean.c), which begin at
 * HYP_WINDOWS, far below all addresses of the kernel. Returns the level 3
 * entries, or NULL.
 */
#define HYP_WINDOWS	0x10000000
#define HYP_WINDOW_SIZE (HYP_WINDOW * PAGE_SIZE)
u64 *hyp_map_windows(void);
/*
 * Allocates zeroed pages that are mapped into HYP, and frees them; NULL: no
 * memory. May sleep.
 */
void *hyp_alloc(size_t len);
void hyp_free(void *p, size_t len);

#endif /* VMM_ARM_HYP_MAP_H */
