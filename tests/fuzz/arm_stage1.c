/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any translation tables. The walk must end after at most three reads, each
 * aligned and within 40 bits, with an address or a fault.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arm/stage1.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
	struct input in;
	unsigned int reads;
};

static void require(bool ok)
{
	if (!ok)
		abort();
}

static bool read_table(void *arg, uint64_t ipa, unsigned int size,
		       uint64_t *val)
{
	struct memory *mem = arg;

	require(size == 4 || size == 8);
	require((ipa & (size - 1)) == 0 && ipa >> 40 == 0);
	require(++mem->reads <= 3);
	*val = 0;
	input_take(&mem->in, val, size);
	return *val != 0xffffffff;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory mem = { .in = { data, size } };
	struct arm_cp15 cp15;
	struct arm_s1 s1 = { &cp15, read_table, &mem };
	struct arm_fault fault;
	uint64_t ipa = ~(uint64_t)0;
	uint32_t va;
	uint8_t access;

	input_take(&mem.in, &va, sizeof(va));
	input_take(&mem.in, &access, sizeof(access));
	input_take(&mem.in, &cp15, sizeof(cp15));
	if (arm_s1_translate(&s1, va, access & 7, &ipa, &fault)) {
		require(ipa >> 40 == 0);
		require((ipa & 0xfff) == (va & 0xfff));
	} else {
		require(fault.type != ARM_FAULT_NONE);
		require(fault.level >= 1 && fault.level <= 3);
		require(arm_fault_fsr(&fault, cp15.ttbcr) != 0);
	}
	return 0;
}
