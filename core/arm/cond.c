/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"

/* Bits 3:1 of a condition choose the test, bit 0 negates it. */
static bool cond_test(uint32_t cpsr, unsigned int test)
{
	bool n = cpsr & CPSR_N;
	bool z = cpsr & CPSR_Z;
	bool c = cpsr & CPSR_C;
	bool v = cpsr & CPSR_V;

	switch (test) {
	case 0: /* EQ */
		return z;
	case 1: /* CS */
		return c;
	case 2: /* MI */
		return n;
	case 3: /* VS */
		return v;
	case 4: /* HI */
		return c && !z;
	case 5: /* GE */
		return n == v;
	default: /* GT */
		return n == v && !z;
	}
}

bool arm_cond_passed(uint32_t cpsr, unsigned int cond)
{
	if (cond >= ARM_COND_AL)
		return true;
	return cond_test(cpsr, cond >> 1) != (cond & 1);
}

unsigned int arm_it_get(uint32_t cpsr)
{
	return ((cpsr & CPSR_IT_7_2) >> 8) | ((cpsr & CPSR_IT_1_0) >> 25);
}

uint32_t arm_it_set(uint32_t cpsr, unsigned int it)
{
	cpsr &= ~CPSR_IT_MASK;
	return cpsr | ((uint32_t)(it & 0xfc) << 8) | ((uint32_t)(it & 3) << 25);
}

uint32_t arm_it_advance(uint32_t cpsr)
{
	unsigned int it = arm_it_get(cpsr);

	if ((it & 7) == 0)
		it = 0;
	else
		it = (it & 0xe0) | ((it << 1) & 0x1f);
	return arm_it_set(cpsr, it);
}

bool arm_hsr_cond_tested(uint32_t hsr, uint32_t cpsr)
{
	unsigned int ec = HSR_EC(hsr);
	unsigned int it = arm_it_get(cpsr);

	if (ec == HSR_EC_UNKNOWN || ec >= 0x10)
		return true;
	if (hsr & HSR_CV)
		return arm_cond_passed(cpsr, HSR_COND(hsr));
	if (!(cpsr & CPSR_T) || it == 0)
		return true;
	return arm_cond_passed(cpsr, it >> 4);
}

void arm_skip_thumb_insn(struct arm_regs *regs, bool il4)
{
	regs->pc += il4 ? 4 : 2;
	regs->cpsr = arm_it_advance(regs->cpsr);
}
