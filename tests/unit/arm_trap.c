/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every exception class of HSR and what it asks for (DDI 0406C, HSR), with its
 * condition passed and failed, in ARM and in Thumb state.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/arm/cond.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"
#include "core/arm/trap.h"

/* What each class asks for; the others are reserved. */
static const struct {
	uint8_t ec;
	enum arm_trap trap;
	bool conditional; /* its syndrome has a condition (classes below 0x10) */
} classes[] = {
	{ 0x00, ARM_TRAP_UNDEF, false }, { 0x01, ARM_TRAP_WFI, true },
	{ 0x03, ARM_TRAP_CP, true },	 { 0x04, ARM_TRAP_CP, true },
	{ 0x05, ARM_TRAP_CP, true },	 { 0x06, ARM_TRAP_UNDEF, true },
	{ 0x07, ARM_TRAP_UNDEF, true },	 { 0x08, ARM_TRAP_CP, true },
	{ 0x0a, ARM_TRAP_BXJ, true },	 { 0x0c, ARM_TRAP_CP, true },
	{ 0x11, ARM_TRAP_SVC, false },	 { 0x12, ARM_TRAP_HVC, false },
	{ 0x13, ARM_TRAP_SMC, false },	 { 0x20, ARM_TRAP_ABORT, false },
	{ 0x24, ARM_TRAP_ABORT, false }, { 0x30, ARM_TRAP_DEBUG, false },
	{ 0x34, ARM_TRAP_DEBUG, false }, { 0x38, ARM_TRAP_DEBUG, false },
};

#define NE 1u

static uint32_t hsr(unsigned int ec, unsigned int cond)
{
	return (uint32_t)ec << 26 | HSR_IL | HSR_CV | cond << 20;
}

static void executed(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		assert_int_equal(arm_trap(hsr(classes[i].ec, ARM_COND_AL), 0),
				 classes[i].trap);
		/* No condition in the syndrome, and ARM state has no other. */
		assert_int_equal(arm_trap((uint32_t)classes[i].ec << 26, 0),
				 classes[i].trap);
	}
	assert_int_equal(arm_trap(hsr(0x01, ARM_COND_AL) | 1, 0), ARM_TRAP_WFE);
}

static void condition_fails(void **state)
{
	uint32_t it_ne = arm_it_set(CPSR_T, NE << 4 | 8);
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		uint32_t ec = (uint32_t)classes[i].ec << 26;
		enum arm_trap want = classes[i].conditional ? ARM_TRAP_SKIP :
							      classes[i].trap;

		assert_int_equal(arm_trap(hsr(classes[i].ec, NE), CPSR_Z),
				 want);
		assert_int_equal(arm_trap(ec, it_ne | CPSR_Z), want);
		assert_int_equal(arm_trap(hsr(classes[i].ec, NE), 0),
				 classes[i].trap);
		assert_int_equal(arm_trap(ec, it_ne), classes[i].trap);
	}
	assert_int_equal(arm_trap(hsr(0x01, NE) | 1, CPSR_Z), ARM_TRAP_SKIP);
}

/* Reserved classes, and those of exceptions from HYP itself. */
static void nothing_else(void **state)
{
	unsigned int ec, i;

	(void)state;
	for (ec = 0; ec < 64; ec++) {
		for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
			if (classes[i].ec == ec)
				break;
		if (i < sizeof(classes) / sizeof(classes[0]))
			continue;
		assert_int_equal(arm_trap(hsr(ec, ARM_COND_AL), 0),
				 ARM_TRAP_NONE);
		assert_int_equal(arm_trap(hsr(ec, NE), CPSR_Z), ARM_TRAP_NONE);
	}
}

/* A skipped instruction is stepped over: by 2 or 4 bytes, with IT advanced. */
static void steps_over(void **state)
{
	/* A block of three, ITTE EQ: conditions EQ, EQ, NE. */
	static const unsigned int its[] = { 0x06, 0x0c, 0x18, 0x00 };
	static const uint32_t pcs[] = { 0x8000, 0x8002, 0x8006, 0x8008 };
	struct arm_regs regs = { .pc = pcs[0],
				 .cpsr = arm_it_set(CPSR_T, its[0]) };
	unsigned int i;

	(void)state;
	for (i = 1; i < 4; i++) {
		arm_skip_insn(&regs, i == 2);
		assert_int_equal(regs.pc, pcs[i]);
		assert_int_equal(arm_it_get(regs.cpsr), its[i]);
	}
	arm_skip_insn(&regs, true);
	assert_int_equal(regs.pc, 0x800c);
	assert_int_equal(regs.cpsr, CPSR_T);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(executed),
		cmocka_unit_test(condition_fails),
		cmocka_unit_test(nothing_else),
		cmocka_unit_test(steps_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
