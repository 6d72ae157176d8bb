/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of the debug registers, by the fields in DDI 0406C (DBGBCR, DBGWCR):
 * BAS in bits 8:5 and 12:5, LSC in 4:3, PMC and PAC in 2:1, E in 0, MASK in
 * 28:24. Fields for security states, HYP mode and linking are 0.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/arm/debug.h"

static void breakpoints(void **state)
{
	struct arm_debug d = { 0 };

	(void)state;
	assert_true(arm_debug_set_breakpoint(&d, 0, 0xc0008000, 4));
	assert_int_equal(d.bvr[0], 0xc0008000);
	assert_int_equal(d.bcr[0], 0xf << 5 | 3 << 1 | 1);
	assert_true(arm_debug_set_breakpoint(&d, 5, 0xc0008000, 2));
	assert_int_equal(d.bvr[5], 0xc0008000);
	assert_int_equal(d.bcr[5], 0x3 << 5 | 3 << 1 | 1);
	assert_true(arm_debug_set_breakpoint(&d, 5, 0xfffffffe, 2));
	assert_int_equal(d.bvr[5], 0xfffffffc);
	assert_int_equal(d.bcr[5], 0xc << 5 | 3 << 1 | 1);
}

static void refused_breakpoints(void **state)
{
	struct arm_debug d = { 0 };
	const struct arm_debug none = { 0 };

	(void)state;
	assert_false(arm_debug_set_breakpoint(&d, 0, 2, 4));
	assert_false(arm_debug_set_breakpoint(&d, 0, 1, 2));
	assert_false(arm_debug_set_breakpoint(&d, 0, 0, 3));
	assert_false(arm_debug_set_breakpoint(&d, 0, 0, 8));
	assert_false(arm_debug_set_breakpoint(&d, 0, 0x100000000, 4));
	assert_memory_equal(&d, &none, sizeof(d));
}

static void watchpoints(void **state)
{
	struct arm_debug d = { 0 };

	(void)state;
	assert_true(arm_debug_set_watchpoint(&d, 0, 0x1001, 1, 2));
	assert_int_equal(d.wvr[0], 0x1000);
	assert_int_equal(d.wcr[0], 0x2 << 5 | 2 << 3 | 3 << 1 | 1);
	assert_true(arm_debug_set_watchpoint(&d, 1, 0x1006, 2, 1));
	assert_int_equal(d.wvr[1], 0x1004);
	assert_int_equal(d.wcr[1], 0xc << 5 | 1 << 3 | 3 << 1 | 1);
	assert_true(arm_debug_set_watchpoint(&d, 3, 0x1004, 4, 3));
	assert_int_equal(d.wvr[3], 0x1004);
	assert_int_equal(d.wcr[3], 0xf << 5 | 3 << 3 | 3 << 1 | 1);
	/*
	 * A block: all bits of BAS, and MASK is the number of address bits to
	 * ignore.
	 */
	assert_true(arm_debug_set_watchpoint(&d, 3, 0x1008, 8, 3));
	assert_int_equal(d.wvr[3], 0x1008);
	assert_int_equal(d.wcr[3], 3 << 24 | 0xff << 5 | 3 << 3 | 3 << 1 | 1);
	assert_true(arm_debug_set_watchpoint(&d, 3, 0x80000000, 0x80000000, 3));
	assert_int_equal(d.wcr[3], 31 << 24 | 0xff << 5 | 3 << 3 | 3 << 1 | 1);
}

static void refused_watchpoints(void **state)
{
	struct arm_debug d = { 0 };
	const struct arm_debug none = { 0 };

	(void)state;
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1000, 4, 0));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1000, 4, 4));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1000, 0, 3));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1003, 2, 3));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1000, 5, 3));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1000, 12, 3));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x1004, 8, 3));
	assert_false(arm_debug_set_watchpoint(&d, 0, 0x100000000, 4, 3));
	assert_memory_equal(&d, &none, sizeof(d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breakpoints),
		cmocka_unit_test(refused_breakpoints),
		cmocka_unit_test(watchpoints),
		cmocka_unit_test(refused_watchpoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
