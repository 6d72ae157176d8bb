// SPDX-License-Identifier: BSD-2-Clause
/*
 * Passes over all lines of two levels of cache, as kernels make them: each is
 * carried out once, and only if the caches are on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/arm/set_way.h"

#define WAYS  4u
#define SETS  128u
#define LINES (WAYS * SETS)

static struct set_way sw;
static bool caches_on;

static int fresh(void **state)
{
	(void)state;
	sw = (struct set_way){ 0 };
	caches_on = true;
	return 0;
}

/* One operation; returns how often memory was flushed for it. */
static unsigned int operate(uint32_t operand)
{
	if (set_way_is_done(&sw, operand))
		return 0;
	set_way_flushed(&sw, caches_on ? operand : SET_WAY_NONE);
	return 1;
}

/* The operand of a line of a Cortex-A7's or A15's caches (DDI 0406C, DCCISW). */
static uint32_t operand(uint32_t line, uint32_t level)
{
	return (line / SETS) << 30 | (line % SETS) << 6 | level << 1;
}

static unsigned int pass_up(uint32_t levels)
{
	unsigned int flushes = 0;

	for (uint32_t level = 0; level < levels; level++)
		for (uint32_t line = 0; line < LINES; line++)
			flushes += operate(operand(line, level));
	return flushes;
}

static unsigned int pass_down(uint32_t levels)
{
	unsigned int flushes = 0;

	for (uint32_t level = 0; level < levels; level++)
		for (uint32_t line = LINES; line-- > 0;)
			flushes += operate(operand(line, level));
	return flushes;
}

static void each_pass_flushes_once(void **state)
{
	(void)state;
	assert_int_equal(pass_up(2), 1);
	assert_int_equal(pass_up(2), 1);
	assert_int_equal(pass_up(2), 1);
}

static void order_does_not_matter(void **state)
{
	(void)state;
	assert_int_equal(pass_up(2), 1);
	assert_int_equal(pass_down(2), 1);
	assert_int_equal(pass_up(2), 1);
}

static void inner_level_flushes_too(void **state)
{
	(void)state;
	assert_int_equal(pass_down(2), 1);
	assert_int_equal(pass_down(1), 1);
	assert_int_equal(pass_down(2), 1);
}

static void first_after_going_on_flushes(void **state)
{
	(void)state;
	assert_int_equal(operate(operand(3, 1)), 1);
	assert_int_equal(operate(operand(4, 1)), 0);
	set_way_forget(&sw);
	assert_int_equal(operate(operand(4, 1)), 1);
	assert_int_equal(operate(operand(3, 1)), 0);
}

static void with_caches_off_one_flush_is_enough(void **state)
{
	(void)state;
	caches_on = false;
	assert_int_equal(pass_up(2), 1);
	assert_int_equal(pass_up(2), 0);
	assert_int_equal(pass_down(2), 0);
}

static void after_reset_there_is_nothing_to_flush(void **state)
{
	(void)state;
	caches_on = false;
	set_way_flushed(&sw, SET_WAY_NONE);
	assert_int_equal(pass_up(2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_pass_flushes_once, fresh),
		cmocka_unit_test_setup(order_does_not_matter, fresh),
		cmocka_unit_test_setup(inner_level_flushes_too, fresh),
		cmocka_unit_test_setup(first_after_going_on_flushes, fresh),
		cmocka_unit_test_setup(with_caches_off_one_flush_is_enough,
				       fresh),
		cmocka_unit_test_setup(after_reset_there_is_nothing_to_flush,
				       fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
