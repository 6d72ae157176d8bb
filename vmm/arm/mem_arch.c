// SPDX-License-Identifier: BSD-2-Clause
#include <linux/types.h>

#include "vmm/arm/host.h"
#include "vmm/arm/mem_arch.h"

phys_addr_t mem_arch_cpu_interface(void)
{
	return host_gic.gicv_pa;
}
