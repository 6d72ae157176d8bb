/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of posted stores, and posted loads, by vmm_posted.h. */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "core/posted.h"

static struct vm_posted page;
static struct posted p;

static int setup(void **state)
{
	(void)state;
	memset(&page, 0, sizeof(page));
	/* Words 6 and 63 are in loads, 0 and 32 in stores, 6 and 7 in keeps. */
	p = (struct posted){ .page = &page };
	posted_set(&p, (const uint32_t[]){ 1u << 6, 1u << 31 }, POSTED_LOADS);
	posted_set(&p, (const uint32_t[]){ 1, 1 }, POSTED_STORES);
	posted_set(&p, (const uint32_t[]){ 3u << 6, 0 }, POSTED_KEEPS);
	return 0;
}

static void loads_are_answered(void **state)
{
	uint32_t val = 0;

	(void)state;
	page.word[6] = 0x12345678;
	page.word[63] = 0xcafe0001;
	assert_true(posted_load(&p, 0x18, 4, &val));
	assert_int_equal(val, 0x12345678);
	assert_true(posted_load(&p, 0x18, 2, &val));
	assert_int_equal(val, 0x5678);
	assert_true(posted_load(&p, 0x18, 1, &val));
	assert_int_equal(val, 0x78);
	assert_true(posted_load(&p, 0xfc, 4, &val));
	assert_int_equal(val, 0xcafe0001);
}

static void other_loads_are_the_devices(void **state)
{
	static const uint32_t offsets[] = { 0,	  0x14,	 0x19,	0x1a, 0x1c,
					    0x80, 0x100, 0x118, 0xffc };
	uint32_t val;

	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++)
		assert_false(posted_load(&p, offsets[i], 1, &val));
}

static void polling_reaches_the_device(void **state)
{
	uint32_t val;

	(void)state;
	for (int i = 0; i < VM_POSTED_LOADS; i++)
		assert_true(posted_load(&p, 0x18, 4, &val));
	assert_false(posted_load(&p, 0x18, 4, &val));
	assert_false(posted_load(&p, 0x18, 4, &val));
	posted_store(&p, 0, 4, 0);
	for (int i = 0; i < VM_POSTED_LOADS; i++)
		assert_true(posted_load(&p, 0x18, 4, &val));
	assert_false(posted_load(&p, 0x18, 4, &val));
	/* A guest that stores in between does not poll. */
	for (int i = 0; i < 2 * VM_POSTED_LOADS; i++) {
		page.tail = page.head;
		posted_store(&p, 0, 4, 0);
		assert_true(posted_load(&p, 0x18, 4, &val));
	}
}

static void stores_come_in_order(void **state)
{
	(void)state;
	assert_true(posted_stores(&p, 0));
	assert_true(posted_stores(&p, 0x80));
	assert_int_equal(posted_store(&p, 0, 1, 0xffff4142), POSTED_FIRST);
	assert_int_equal(posted_store(&p, 0x80, 4, 0xdeadbeef), POSTED);
	assert_int_equal(page.head, 2);
	assert_int_equal(page.store[0].offset, 0);
	assert_int_equal(page.store[0].size, 1);
	assert_int_equal(page.store[0].value, 0x42);
	assert_int_equal(page.store[1].offset, 0x80);
	assert_int_equal(page.store[1].size, 4);
	assert_int_equal(page.store[1].value, 0xdeadbeef);
}

static void other_stores_are_the_devices(void **state)
{
	static const uint32_t offsets[] = { 1, 2, 4, 0x18, 0x84, 0x100, 0x180 };

	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++)
		assert_false(posted_stores(&p, offsets[i]));
}

static void what_is_there_is_kept(void **state)
{
	(void)state;
	page.word[6] = 0x12f3;
	page.word[7] = 0;
	page.word[8] = 0x12f3;
	assert_true(posted_keeps(&p, 0x18, 4, 0x12f3));
	assert_true(posted_keeps(&p, 0x18, 2, 0xffff12f3));
	assert_true(posted_keeps(&p, 0x1c, 1, 0xffffff00));
	assert_false(posted_keeps(&p, 0x18, 4, 0x12f2));
	assert_false(posted_keeps(&p, 0x18, 4, 0x112f3));
	assert_false(posted_keeps(&p, 0x18, 1, 0x12f3));
	assert_false(posted_keeps(&p, 0x20, 4, 0x12f3));
	assert_false(posted_keeps(&p, 0x1a, 2, 0));
	assert_false(posted_keeps(&p, 0x118, 4, 0x12f3));
}

/* Each time the device has taken all stores, the next one wakes it. */
static void first_wakes(void **state)
{
	(void)state;
	p.head = page.head = page.tail = UINT32_MAX - 3;
	for (int i = 0; i < 8; i++) {
		assert_int_equal(posted_store(&p, 0, 4, 1), POSTED_FIRST);
		assert_int_equal(posted_store(&p, 0, 4, 2), POSTED);
		page.tail = page.head - 1;
		assert_int_equal(posted_store(&p, 0, 4, 3), POSTED);
		page.tail = page.head;
	}
}

static void full_ring_takes_no_more(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < VM_POSTED_STORES; i++)
		assert_int_not_equal(posted_store(&p, 0, 4, i), POSTED_NOT);
	assert_int_equal(posted_store(&p, 0, 4, 99), POSTED_NOT);
	assert_int_equal(page.head, VM_POSTED_STORES);
	page.tail = 1;
	assert_int_equal(posted_store(&p, 0, 4, 99), POSTED);
	assert_int_equal(page.store[0].value, 99);
	assert_int_equal(posted_store(&p, 0, 4, 100), POSTED_NOT);
}

#define MANY 300000

static sem_t wake;

/*
 * Takes stores as vmm_posted.h says: until there are none, and again after a
 * wake-up.
 */
static void *take_all(void *arg)
{
	(void)arg;
	for (uint32_t taken = 0; taken < MANY;) {
		uint32_t head = __atomic_load_n(&page.head, __ATOMIC_SEQ_CST);

		if (head == taken)
			sem_wait(&wake);
		for (; taken != head; taken++)
			if (page.store[taken % VM_POSTED_STORES].value != taken)
				return "not in their order";
		__atomic_store_n(&page.tail, taken, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

/* A lost wake-up ends in the alarm. */
static void no_wake_up_is_lost(void **state)
{
	enum posted_done done;
	pthread_t taker;
	void *trouble;

	(void)state;
	alarm(600);
	sem_init(&wake, 0, 0);
	pthread_create(&taker, NULL, take_all, NULL);
	for (uint32_t i = 0; i < MANY;) {
		done = posted_store(&p, 0, 4, i);
		i += done != POSTED_NOT;
		if (done == POSTED_FIRST)
			sem_post(&wake);
		/* The taker is mostly about to sleep then. */
		while (__atomic_load_n(&page.tail, __ATOMIC_RELAXED) != i &&
		       i % 3 == 0)
			;
	}
	pthread_join(taker, &trouble);
	alarm(0);
	assert_null(trouble);
}

/* User space may write anything to the page. */
static void page_is_not_trusted(void **state)
{
	(void)state;
	page.head = 0x80000000;
	assert_int_equal(posted_store(&p, 0, 4, 7), POSTED_FIRST);
	assert_int_equal(page.head, 1);
	assert_int_equal(page.store[0].value, 7);
	page.tail = 2; /* ahead of head */
	assert_int_equal(posted_store(&p, 0, 4, 8), POSTED_NOT);
	page.tail = 0x7fffffff;
	assert_int_equal(posted_store(&p, 0, 4, 8), POSTED_NOT);
	assert_int_equal(p.head, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(loads_are_answered, setup),
		cmocka_unit_test_setup(other_loads_are_the_devices, setup),
		cmocka_unit_test_setup(polling_reaches_the_device, setup),
		cmocka_unit_test_setup(stores_come_in_order, setup),
		cmocka_unit_test_setup(other_stores_are_the_devices, setup),
		cmocka_unit_test_setup(what_is_there_is_kept, setup),
		cmocka_unit_test_setup(first_wakes, setup),
		cmocka_unit_test_setup(full_ring_takes_no_more, setup),
		cmocka_unit_test_setup(no_wake_up_is_lost, setup),
		cmocka_unit_test_setup(page_is_not_trusted, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
