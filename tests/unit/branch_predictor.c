// SPDX-License-Identifier: BSD-2-Clause
/*
 * How each core invalidates its branch predictor. The MIDR values are from the
 * cores' manuals (Main ID Register), the answers from Linux's proc-v7-bugs.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/arm/branch_predictor.h"

#define IBE 1u

static void cores_that_do_not_predict_need_nothing(void **state)
{
	(void)state;
	assert_int_equal(bp_state_of(0x410fc075, 0), BP_UNAFFECTED); /* A7 */
	assert_int_equal(bp_state_of(0x410fc073, IBE), BP_UNAFFECTED);
	assert_int_equal(bp_state_of(0x410fd034, 0), BP_UNAFFECTED); /* A53 */
	assert_int_equal(bp_state_of(0x410fd041, 0), BP_UNAFFECTED); /* A35 */
}

static void a12_and_a17_have_bpiall(void **state)
{
	(void)state;
	assert_int_equal(bp_state_of(0x410fc0d1, 0), BP_BPIALL);
	assert_int_equal(bp_state_of(0x411fc0e1, 0), BP_BPIALL);
	/* ACTLR of these cores has no IBE: bit 0 is ignored. */
	assert_int_equal(bp_state_of(0x411fc0e1, IBE), BP_BPIALL);
}

static void an_a15_needs_its_firmware(void **state)
{
	(void)state;
	assert_int_equal(bp_state_of(0x412fc0f1, IBE), BP_ICIALLU);
	assert_int_equal(bp_state_of(0x413fc0f3, 0x40 | IBE), BP_ICIALLU);
	assert_int_equal(bp_state_of(0x414fc0f0, 0x40), BP_NO_IBE);
	/* Brahma-B15 */
	assert_int_equal(bp_state_of(0x420f00f3, IBE), BP_ICIALLU);
	assert_int_equal(bp_state_of(0x420f00f3, 0), BP_NO_IBE);
}

/* A known part number with another implementer is another core. */
static void others_are_not_called_safe(void **state)
{
	(void)state;
	assert_int_equal(bp_state_of(0x410fd083, 0), BP_UNKNOWN); /* A72 */
	assert_int_equal(bp_state_of(0x411fd071, 0), BP_UNKNOWN); /* A57 */
	assert_int_equal(bp_state_of(0x510fc075, 0), BP_UNKNOWN);
	assert_int_equal(bp_state_of(0, 0), BP_UNKNOWN);
}

static void only_two_states_flush(void **state)
{
	(void)state;
	assert_true(bp_flushes(BP_BPIALL));
	assert_true(bp_flushes(BP_ICIALLU));
	assert_false(bp_flushes(BP_UNAFFECTED));
	assert_false(bp_flushes(BP_OFF));
	assert_false(bp_flushes(BP_NO_IBE));
	assert_false(bp_flushes(BP_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cores_that_do_not_predict_need_nothing),
		cmocka_unit_test(a12_and_a17_have_bpiall),
		cmocka_unit_test(an_a15_needs_its_firmware),
		cmocka_unit_test(others_are_not_called_safe),
		cmocka_unit_test(only_two_states_flush),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
