/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any instruction in any state, with memory that answers from the input and
 * sometimes faults. The executor must end, stay within its structures, and
 * change no register unless it reports success.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arm/cpu.h"
#include "core/arm/insn.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct machine {
	struct input in;
	uint64_t d[32];
};

static void require(bool ok)
{
	if (!ok)
		abort();
}

static int access_ok(struct machine *m, uint32_t va, unsigned int size)
{
	uint8_t fault;

	require(size == 1 || size == 2 || size == 4);
	require((va & (size - 1)) == 0);
	input_take(&m->in, &fault, 1);
	return fault == 0xff ? 1 : ARM_INSN_OK;
}

static int mem_read(void *arg, uint32_t va, unsigned int size, bool unpriv,
		    uint32_t *val)
{
	struct machine *m = arg;

	(void)unpriv;
	input_take(&m->in, val, size);
	return access_ok(m, va, size);
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
	return ((struct machine *)arg)->d[d];
}

static void vfp_set(void *arg, unsigned int d, uint64_t val)
{
	require(d < 32);
	((struct machine *)arg)->d[d] = val;
}

static const struct arm_insn_ops ops = { mem_read, mem_write, vfp_get,
					 vfp_set };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine m = { .in = { data, size } };
	struct arm_regs regs, before;
	struct arm_insn_cpu cpu = { .regs = &regs, .ops = &ops, .arg = &m };
	struct arm_insn insn;
	uint32_t word;
	unsigned int len;
	int result;

	input_take(&m.in, &word, sizeof(word));
	input_take(&m.in, &cpu.sctlr, sizeof(cpu.sctlr));
	input_take(&m.in, &regs, sizeof(regs));
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
