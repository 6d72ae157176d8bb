/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The value of one register of the table, wherever it lives.
 */
#ifndef CORE_ARM_CP15_VALUE_H
#define CORE_ARM_CP15_VALUE_H

#include "core/arm/cp15_table.h"

/*
 * For kinds other than ARM_CP_SETWAY and ARM_CP_MAINT; ctx->cp15 is there if
 * arm_cp_in_cpu() says the register needs it. Access rights are the caller's.
 */
uint64_t arm_cp_read(struct arm_cp_ctx *ctx, const struct arm_cp_reg *reg);
void arm_cp_write(struct arm_cp_ctx *ctx, const struct arm_cp_reg *reg,
		  uint64_t val);

/* Is its value in the CPU while the vCPU runs? */
bool arm_cp_in_cpu(const struct arm_cp_reg *reg);

#endif /* CORE_ARM_CP15_VALUE_H */
