/* SPDX-License-Identifier: BSD-2-Clause */
/* Any sequence of trapped coprocessor accesses, in any state. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arm/cp15.h"
#include "core/arm/cpu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static void check(const struct arm_cp_access *acc, enum arm_cp_result result,
		  const struct arm_regs *before, const struct arm_regs *regs)
{
	if (result == ARM_CP_UNDEF || result == ARM_CP_HOST)
		require(!memcmp(before, regs, sizeof(*regs)));
	else
		require(before->pc != regs->pc);
	if (result == ARM_CP_HOST)
		require(acc->reg && acc->rt < 16 && acc->rt2 < 16);
	/* No access changes the mode. */
	require(!((before->cpsr ^ regs->cpsr) & CPSR_M_MASK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arm_id host, id;
	struct arm_regs regs, before;
	struct arm_cp15 cp15;
	struct arm_virt virt;
	struct arm_cp_ctx ctx = { &regs, &cp15, &virt, &id, 0, 0 };
	struct arm_cp_access acc;
	uint32_t hsr;

	memset(&host, 0x5a, sizeof(host));
	arm_id_guest(&id, &host, 1 + (size & 7));
	arm_cp15_reset(&ctx, 0);
	arm_regs_reset(&regs, 0);
	for (; size >= 8; data += 8, size -= 8) {
		enum arm_cp_result result;

		memcpy(&hsr, data, 4);
		memcpy(&regs.cpsr, data + 4, 4);
		ctx.count += hsr;
		ctx.cycles += regs.cpsr;
		ctx.cp15 = data[7] & 1 ? &cp15 : NULL;
		before = regs;
		result = arm_cp15_access(&ctx, hsr, &acc);
		check(&acc, result, &before, &regs);
		if (result == ARM_CP_HOST)
			arm_cp15_finish(&regs, hsr, &acc);
	}
	return 0;
}
