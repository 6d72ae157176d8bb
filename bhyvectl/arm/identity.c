/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers that tell one ARMv7 CPU from another. */
#include <stddef.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyvectl/show.h"

static const uint64_t registers[] = {
	VM_REG_CP15(0, 0, 0, 0), VM_REG_CP15(0, 0, 0, 1),
	VM_REG_CP15(0, 0, 0, 6), VM_REG_CP15(0, 0, 1, 0),
	VM_REG_CP15(0, 0, 1, 1), VM_REG_CP15(0, 0, 1, 2),
	VM_REG_CP15(0, 0, 1, 4), VM_REG_CP15(0, 0, 1, 5),
	VM_REG_CP15(0, 0, 1, 6), VM_REG_CP15(0, 0, 1, 7),
	VM_REG_CP15(0, 0, 2, 0), VM_REG_CP15(0, 0, 2, 1),
	VM_REG_CP15(0, 0, 2, 2), VM_REG_CP15(0, 0, 2, 3),
	VM_REG_CP15(0, 0, 2, 4), VM_REG_CP15(0, 1, 0, 1),
	VM_REG_VFP_FPSID,	 VM_REG_VFP_MVFR0,
	VM_REG_VFP_MVFR1,
};

bool is_identity_register(uint64_t id)
{
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		if (registers[i] == id)
			return true;
	return false;
}
