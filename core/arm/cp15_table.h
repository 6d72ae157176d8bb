/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of coprocessor registers, for the files that use it. */
#ifndef CORE_ARM_CP15_TABLE_H
#define CORE_ARM_CP15_TABLE_H

#include "core/arm/cp15.h"

#include <vmm/arm/vmm_regs.h>

#define ARM_REG_CP14(crn, opc1, crm, opc2) \
	VM_REG_ID(ARM_REG_CLASS_CP14,      \
		  ((crn) << 12) | ((opc1) << 8) | ((crm) << 4) | (opc2))
#define ARM_REG_CP14_64(opc1, crm) \
	VM_REG_ID(ARM_REG_CLASS_CP14, (1u << 20) | ((opc1) << 8) | ((crm) << 4))
/* A register of VMRS. */
#define ARM_REG_CP10(reg) VM_REG_ID(ARM_REG_CLASS_CP10, (uint32_t)(reg) << 12)

/* Sorted by id. */
extern const struct arm_cp_reg arm_cp_table[];
extern const unsigned int arm_cp_table_size;

/* The row of the register with this id; NULL if the guest has none such. */
const struct arm_cp_reg *arm_cp_lookup(uint32_t id);

#endif /* CORE_ARM_CP15_TABLE_H */
