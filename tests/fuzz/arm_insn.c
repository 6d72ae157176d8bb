/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any instruction in any state: memory that answers from the input and faults
 * now and then. It must end, stay within its structures, and change no
 * register unless it says that it is done.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arm/cpu.h"
#include "core/arm/insn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t left;
	uint64_t d[32];
};

static void take(struct input *in, void *to, size_t n)
{
	size_t have = n < in->left ? n : in->left;

	memset(to, 0, n);
	if (have)
		memcpy(to, in->data, have);
	in->data += have;
	in->left -= have;
}

static void require(bool ok)
{
	if (!ok)
		abort();
}

static int access_ok(struct input *in, uint32_t va, unsigned int size)
{
	uint8_t fault;

	require(size == 1 || size == 2 || size == 4);
	require((va & (size - 1)) == 0);
	take(in, &fault, 1);
	return fault == 0xff ? 1 : ARM_INSN_OK;
}

static int mem_read(void *arg, uint32_t va, unsigned int size, bool unpriv,
		    uint32_t *val)
{
	(void)unpriv;
	take(arg, val, size);
	return access_ok(arg, va, size);
}

static int mem_write(void *arg, uint32_t va, unsigned int size, bool unpriv,
		     uint32_t val)
{
	(void)unpriv;
	require(size == 4 || val >> (8 * size) == 0);
	return access_ok(arg, va, size);
}

static uint64_t vfp_get(void *arg, unsigned int d)
{
	require(d < 32);
	return ((struct input *)arg)->d[d];
}

static void vfp_set(void *arg, unsigned int d, uint64_t val)
{
	require(d < 32);
	((struct input *)arg)->d[d] = val;
}

static const struct arm_insn_ops ops = { mem_read, mem_write, vfp_get,
					 vfp_set };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	struct arm_regs regs, before;
	struct arm_insn_cpu cpu = { .regs = &regs, .ops = &ops, .arg = &in };
	struct arm_insn insn;
	uint32_t word;
	unsigned int len;
	int result;

	take(&in, &word, sizeof(word));
	take(&in, &cpu.sctlr, sizeof(cpu.sctlr));
	take(&in, &regs, sizeof(regs));
	len = (regs.cpsr & CPSR_T) && !arm_thumb_is_32(word >> 16) ? 2 : 4;
	if (len == 2)
		word &= 0xffff;
	if (arm_insn_decode(word, regs.cpsr & CPSR_T, len, &insn))
		return 0;
	before = regs;
	result = arm_insn_execute(&insn, &cpu);
	if (result != ARM_INSN_OK)
		require(!memcmp(&before, &regs, sizeof(regs)));
	else if ((before.cpsr ^ regs.cpsr) & CPSR_M_MASK)
		require(arm_mode_valid(regs.cpsr));
	return 0;
}
