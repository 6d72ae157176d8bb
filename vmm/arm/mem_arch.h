/* SPDX-License-Identifier: BSD-2-Clause */
/* What vmm/mem.c needs from the architecture. */
#ifndef VMM_ARM_MEM_ARCH_H
#define VMM_ARM_MEM_ARCH_H

#include <linux/mm_types.h>

#include "vmm/arm/host_va.h"

/* Size in bytes of a block that stage 2 and a process's page tables can map. */
#define MEM_ARCH_BLOCK_SIZE LPAE_BLOCK_SIZE

/*
 * Whether the process's tables map the memory around hva with one block of
 * MEM_ARCH_BLOCK_SIZE. Takes no lock.
 */
bool mem_arch_maps_block(struct mm_struct *mm, unsigned long hva);

/*
 * Host physical address of the GIC's virtual CPU interface (GICV), two pages.
 */
phys_addr_t mem_arch_cpu_interface(void);

#endif /* VMM_ARM_MEM_ARCH_H */
