// SPDX-License-Identifier: BSD-2-Clause
/*
 * The lock of the kernel and HYP: one has it, and who waits gets it before who
 * comes later.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/lock.h"

static void the_lock_is_one(void **state)
{
	struct hyp_lock lock = { 0 };

	(void)state;
	assert_true(hyp_trylock(&lock));
	assert_false(hyp_trylock(&lock));
	hyp_unlock(&lock);
	hyp_lock(&lock);
	assert_false(hyp_trylock(&lock));
}

static void *wait_for_it(void *lock)
{
	hyp_lock(lock);
	hyp_unlock(lock);
	return NULL;
}

/* However often HYP tries, who waits is next. */
static void who_waits_is_next(void **state)
{
	struct hyp_lock lock = { 0 };
	pthread_t thread;

	(void)state;
	hyp_lock(&lock);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_it, &lock), 0);
	while (__atomic_load_n(&lock.next, __ATOMIC_RELAXED) != 2)
		sched_yield();
	for (unsigned int i = 0; i < 1000; i++)
		assert_false(hyp_trylock(&lock));
	hyp_unlock(&lock);
	/* Until the other has had it, whether it runs at once or later. */
	while (!hyp_trylock(&lock))
		sched_yield();
	assert_int_equal(lock.turn, 2);
	pthread_join(thread, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lock_is_one),
		cmocka_unit_test(who_waits_is_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
