/* SPDX-License-Identifier: BSD-2-Clause */
/* What vmm/mem.c needs of the architecture. */
#ifndef VMM_ARM_MEM_ARCH_H
#define VMM_ARM_MEM_ARCH_H

#include <linux/mm_types.h>

#include "vmm/arm/host_va.h"

/*
 * The size of a block that stage 2 and the process's tables can map, in bytes.
 */
#define MEM_ARCH_BLOCK_SIZE LPAE_BLOCK_SIZE

/* Whether the process maps the block around hva as one. Takes no lock. */
bool mem_arch_maps_block(struct mm_struct *mm, unsigned long hva);

/* Physical address of the GIC's virtual CPU interface (GICV), two pages. */
phys_addr_t mem_arch_cpu_interface(void);

#endif /* VMM_ARM_MEM_ARCH_H */
