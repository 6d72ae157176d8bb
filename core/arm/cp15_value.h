/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and writes the value of a register of the table, wherever it is. */
#ifndef CORE_ARM_CP15_VALUE_H
#define CORE_ARM_CP15_VALUE_H

#include "core/arm/cp15_table.h"

/*
 * For all kinds but ARM_CP_SETWAY and ARM_CP_MAINT. ctx->cp15 must not be NULL
 * if arm_cp_in_cpu(reg). The caller has checked the right to access.
 */
uint64_t arm_cp_read(struct arm_cp_ctx *ctx, const struct arm_cp_reg *reg);
void arm_cp_write(struct arm_cp_ctx *ctx, const struct arm_cp_reg *reg,
		  uint64_t val);

/* The value of a register of kind ARM_CP_ID. */
static inline uint32_t arm_cp_id(const struct arm_id *id,
				 const struct arm_cp_reg *reg)
{
	const char *member = (const char *)id + reg->where;

	return *(const uint32_t *)(const void *)member;
}

/* Whether the register's value is in the CPU while the vCPU runs. */
bool arm_cp_in_cpu(const struct arm_cp_reg *reg);

#endif /* CORE_ARM_CP15_VALUE_H */
