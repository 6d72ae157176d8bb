/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYP's own translation tables. May sleep.
 */
#ifndef VMM_ARM_HYP_MAP_H
#define VMM_ARM_HYP_MAP_H

#include <linux/types.h>

#include "hyp/hyp.h"

int hyp_map_init(void);
void hyp_map_exit(void);
int hyp_map_code(void *va, size_t len);
int hyp_map_data(void *va, size_t len);
int hyp_map_device(void __iomem *va, phys_addr_t pa, size_t len);
/* Lowmem or module memory that HYP no longer touches. */
void hyp_unmap(void *va, size_t len);
u64 hyp_httbr(void);
/* Makes the CPUs' windows (hyp/arm/clean.c), from HYP_WINDOWS on: far below all
 * that the kernel has an address for. Their entries, or NULL. */
#define HYP_WINDOWS	0x10000000
#define HYP_WINDOW_SIZE (HYP_WINDOW * PAGE_SIZE)
u64 *hyp_map_windows(void);
/* Zeroed pages, mapped into HYP; NULL. */
void *hyp_alloc(size_t len);
void hyp_free(void *p, size_t len);

#endif /* VMM_ARM_HYP_MAP_H */
