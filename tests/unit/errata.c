// SPDX-License-Identifier: BSD-2-Clause
/*
 * The revisions that have erratum 798181, and what helps each: from the comment
 * in Linux's arch/arm/kernel/smp_tlb.c, which quotes Arm's notice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/arm/errata.h"

#define REVIDR4 0x010u
#define REVIDR9 0x200u

static void early_revisions_have_no_fix(void **state)
{
	(void)state;
	assert_int_equal(erratum_798181_of(0x410fc0f0, 0), ERRATUM_798181_IPI);
	assert_int_equal(erratum_798181_of(0x412fc0f1, REVIDR4 | REVIDR9),
			 ERRATUM_798181_IPI);
}

static void r2p2_has_one_half(void **state)
{
	(void)state;
	assert_int_equal(erratum_798181_of(0x412fc0f2, 0), ERRATUM_798181_IPI);
	assert_int_equal(erratum_798181_of(0x412fc0f3, REVIDR4),
			 ERRATUM_798181_REPEAT);
	/* Bit 9 is not defined there. */
	assert_int_equal(erratum_798181_of(0x412fc0f3, REVIDR9),
			 ERRATUM_798181_IPI);
}

static void r2p4_to_r3p2_have_both(void **state)
{
	static const uint32_t midr[] = { 0x412fc0f4, 0x413fc0f0, 0x413fc0f2 };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(erratum_798181_of(midr[i], 0),
				 ERRATUM_798181_IPI);
		assert_int_equal(erratum_798181_of(midr[i], REVIDR4),
				 ERRATUM_798181_REPEAT);
		assert_int_equal(erratum_798181_of(midr[i], REVIDR9),
				 ERRATUM_798181_NOT);
		assert_int_equal(erratum_798181_of(midr[i], REVIDR4 | REVIDR9),
				 ERRATUM_798181_NOT);
	}
}

static void r3p3_has_the_other_half(void **state)
{
	(void)state;
	assert_int_equal(erratum_798181_of(0x413fc0f3, 0),
			 ERRATUM_798181_REPEAT);
	assert_int_equal(erratum_798181_of(0x413fc0f3, REVIDR9),
			 ERRATUM_798181_NOT);
}

static void others_are_well(void **state)
{
	(void)state;
	assert_int_equal(erratum_798181_of(0x414fc0f0, 0), ERRATUM_798181_NOT);
	assert_int_equal(erratum_798181_of(0x410fc075, 0), ERRATUM_798181_NOT);
	assert_int_equal(erratum_798181_of(0x411fc0e1, 0), ERRATUM_798181_NOT);
	assert_int_equal(erratum_798181_of(0x420f00f2, 0), ERRATUM_798181_IPI);
	assert_int_equal(erratum_798181_of(0x420f00f3, 0), ERRATUM_798181_NOT);
}

/* The parts that Linux's arm64 names for it, and no other. */
static void walks_out_of_context(void **state)
{
	(void)state;
	assert_true(erratum_1319367_of(0x411fd071));  /* Cortex-A57 */
	assert_true(erratum_1319367_of(0x410fd083));  /* Cortex-A72 */
	assert_false(erratum_1319367_of(0x410fd034)); /* Cortex-A53 */
	assert_false(erratum_1319367_of(0x410fc075));
	assert_false(erratum_1319367_of(0x412fc0f1));
	assert_false(erratum_1319367_of(0x411fc0e1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(early_revisions_have_no_fix),
		cmocka_unit_test(r2p2_has_one_half),
		cmocka_unit_test(r2p4_to_r3p2_have_both),
		cmocka_unit_test(r3p3_has_the_other_half),
		cmocka_unit_test(others_are_well),
		cmocka_unit_test(walks_out_of_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
