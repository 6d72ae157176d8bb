/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers that tell one ARMv7 CPU from another. */
#include <stddef.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyvectl/show.h"

static const struct {
	uint64_t id;
	const char *name;
} registers[] = {
	{ VM_REG_CP15(0, 0, 0, 0), "MIDR" },
	{ VM_REG_CP15(0, 0, 0, 1), "CTR" },
	{ VM_REG_CP15(0, 0, 0, 6), "REVIDR" },
	{ VM_REG_CP15(0, 0, 1, 0), "ID_PFR0" },
	{ VM_REG_CP15(0, 0, 1, 1), "ID_PFR1" },
	{ VM_REG_CP15(0, 0, 1, 2), "ID_DFR0" },
	{ VM_REG_CP15(0, 0, 1, 4), "ID_MMFR0" },
	{ VM_REG_CP15(0, 0, 1, 5), "ID_MMFR1" },
	{ VM_REG_CP15(0, 0, 1, 6), "ID_MMFR2" },
	{ VM_REG_CP15(0, 0, 1, 7), "ID_MMFR3" },
	{ VM_REG_CP15(0, 0, 2, 0), "ID_ISAR0" },
	{ VM_REG_CP15(0, 0, 2, 1), "ID_ISAR1" },
	{ VM_REG_CP15(0, 0, 2, 2), "ID_ISAR2" },
	{ VM_REG_CP15(0, 0, 2, 3), "ID_ISAR3" },
	{ VM_REG_CP15(0, 0, 2, 4), "ID_ISAR4" },
	{ VM_REG_CP15(0, 1, 0, 1), "CLIDR" },
	{ VM_REG_VFP_FPSID, "FPSID" },
	{ VM_REG_VFP_MVFR0, "MVFR0" },
	{ VM_REG_VFP_MVFR1, "MVFR1" },
};

const char *identity_register(uint64_t id)
{
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		if (registers[i].id == id)
			return registers[i].name;
	return NULL;
}
