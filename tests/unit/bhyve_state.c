/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields on their way into a snapshot and out of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include "bhyve/base/state.h"

struct thing {
	uint8_t small;
	uint16_t medium;
	uint32_t large;
	uint64_t huge;
	bool flag;
	uint8_t text[5];
};

static void fields(struct state *s, struct thing *t)
{
	STATE(s, t, small);
	STATE(s, t, medium);
	STATE_MAX(s, t, large, 1000);
	STATE(s, t, huge);
	STATE(s, t, flag);
	state_bytes(s, "text", t->text, sizeof(t->text));
}

/* 1 + 2 + 4 + 8 + 1 + 5 bytes, little-endian. */
static const uint8_t saved[] = { 0x12, 0x34, 0x56, 0xe8, 0x03, 0,   0,
				 8,    7,    6,	   5,	 4,    3,   2,
				 1,    1,    'h',  'e',	 'l',  'l', 'o' };

static const struct thing things = { 0x12, 0x5634, 1000, 0x0102030405060708,
				     true, "hello" };

static void is_saved_field_by_field(void **arg)
{
	struct thing t = things;
	struct state s;

	(void)arg;
	state_begin_save(&s);
	fields(&s, &t);
	assert_true(state_end(&s));
	assert_int_equal(s.version, 1);
	assert_int_equal(s.len, sizeof(saved));
	assert_memory_equal(s.data, saved, sizeof(saved));
	state_free(&s);
}

static void is_loaded_again(void **arg)
{
	struct thing t = { 0 };
	struct state s;

	(void)arg;
	state_begin_load(&s, saved, sizeof(saved), 1);
	fields(&s, &t);
	assert_true(state_is_loaded(&s));
	assert_true(state_end(&s));
	assert_int_equal(t.small, 0x12);
	assert_int_equal(t.medium, 0x5634);
	assert_int_equal(t.large, 1000);
	assert_true(t.huge == things.huge);
	assert_true(t.flag);
	assert_memory_equal(t.text, "hello", 5);
	state_free(&s);
}

static void expect_refusal(const void *data, size_t len, uint32_t version,
			   const char *error)
{
	struct thing t = { 0 };
	struct state s;

	state_begin_load(&s, data, len, version);
	fields(&s, &t);
	assert_false(state_end(&s));
	assert_string_equal(s.error, error);
	assert_false(state_is_loaded(&s));
	state_free(&s);
}

static void faults_are_named(void **arg)
{
	uint8_t bad[sizeof(saved) + 1] = { 0 };

	(void)arg;
	expect_refusal(saved, 5, 1, "ends before large");
	expect_refusal(saved, 0, 1, "ends before small");
	expect_refusal(saved, sizeof(saved) - 1, 1, "ends before text");
	memcpy(bad, saved, sizeof(saved));
	expect_refusal(bad, sizeof(bad), 1, "1 bytes more than it has fields");
	bad[3]++;
	expect_refusal(bad, sizeof(saved), 1, "large is 1001, at most 1000");
	bad[3]--;
	bad[15] = 2; /* a bool that is none must not become one */
	expect_refusal(bad, sizeof(saved), 1, "flag is 2, at most 1");
	expect_refusal(saved, sizeof(saved), 2,
		       "version 2, and this bhyve knows up to 1");
}

static void a_field_that_is_refused_keeps_its_value(void **arg)
{
	const uint8_t bytes[] = { 7, 8 };
	struct thing t = { .small = 1, .medium = 2 };
	struct state s;

	(void)arg;
	state_begin_load(&s, bytes, sizeof(bytes), 1);
	STATE_MAX(&s, &t, small, 6);
	STATE(&s, &t, flag);
	assert_int_equal(t.small, 1);
	assert_false(t.flag);
	state_free(&s);
}

static void what_has_to_be_the_same_is_compared(void **arg)
{
	struct state to, from;

	(void)arg;
	state_begin_save(&to);
	state_same(&to, "the disk's size", 512);
	state_begin_load(&from, to.data, to.len, to.version);
	state_same(&from, "the disk's size", 512);
	assert_true(state_end(&from));
	state_begin_load(&from, to.data, to.len, to.version);
	state_same(&from, "the disk's size", 1024);
	assert_false(state_end(&from));
	assert_string_equal(from.error,
			    "the disk's size is 512 in the snapshot and 1024"
			    " here: start bhyve with the same configuration");
	state_free(&to);
}

/* A device of which version 1 had no medium, which was 5 at that time. */
static void grown(struct state *s, struct thing *t)
{
	state_version(s, 2);
	STATE(s, t, small);
	if (s->version >= 2)
		STATE(s, t, medium);
	else
		t->medium = 5;
}

static void older_versions_load(void **arg)
{
	const uint8_t old[] = { 9 }, new[] = { 9, 6, 0 };
	struct thing t = { 0 };
	struct state s;

	(void)arg;
	state_begin_load(&s, old, sizeof(old), 1);
	grown(&s, &t);
	assert_true(state_end(&s));
	assert_int_equal(t.medium, 5);
	state_begin_load(&s, new, sizeof(new), 2);
	grown(&s, &t);
	assert_true(state_end(&s));
	assert_int_equal(t.medium, 6);
	state_begin_load(&s, new, sizeof(new), 3);
	grown(&s, &t);
	assert_false(state_end(&s));
	assert_string_equal(s.error, "version 3, and this bhyve knows 1 to 2");
	state_begin_save(&s);
	grown(&s, &t);
	assert_true(state_end(&s));
	assert_int_equal(s.version, 2);
	state_free(&s);
}

static void too_much_is_refused(void **arg)
{
	static uint8_t much[STATE_MAX_LEN];
	struct state s;

	(void)arg;
	state_begin_save(&s);
	state_bytes(&s, "much", much, sizeof(much));
	state_bytes(&s, "more", much, 1);
	assert_false(state_end(&s));
	assert_string_equal(s.error, "no memory for more");
	state_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_saved_field_by_field),
		cmocka_unit_test(is_loaded_again),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(a_field_that_is_refused_keeps_its_value),
		cmocka_unit_test(what_has_to_be_the_same_is_compared),
		cmocka_unit_test(older_versions_load),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
