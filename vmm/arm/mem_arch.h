/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What guest memory needs of the architecture: where the process has a page,
 * what the caches hold of it, and where the virtual CPU interface is.
 */
#ifndef VMM_ARM_MEM_ARCH_H
#define VMM_ARM_MEM_ARCH_H

#include "vmm/arm/host_va.h"

/* Bytes that stage 2 and the process's tables can map as one. */
#define MEM_ARCH_BLOCK_SIZE LPAE_BLOCK_SIZE

/* The two pages of the GIC's virtual CPU interface. */
phys_addr_t mem_arch_cpu_interface(void);

#endif /* VMM_ARM_MEM_ARCH_H */
