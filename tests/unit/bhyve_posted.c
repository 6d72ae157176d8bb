/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's side of posted memory: what it takes, and when there are many
 * stores.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <vmm/vmm_posted.h>
#include "bhyve/base/mevent.h"
#include "bhyve/machine/posted.h"
#include "lib/vmmapi.h"

#define NUMBER 2

static struct vm_posted page;
static uint32_t shown[1024];
static bool on;
static unsigned int switched;

static int event_fd;
static mevent_func_t on_first, on_timer;
static void *event_arg;
static uint64_t timer_ns;

static struct posted_regs *posted;
static unsigned int woken;
static uint32_t next; /* the next store to be taken */

int vm_post(struct vmctx *ctx, uint64_t gpa,
	    const struct vm_posted_words *words, int fd,
	    struct vm_posted **pagep, volatile uint32_t **shownp)
{
	(void)ctx, (void)gpa, (void)words, (void)fd;
	*pagep = &page;
	*shownp = shown;
	return NUMBER;
}

int vm_show_posted(struct vmctx *ctx, int number, bool show)
{
	(void)ctx;
	assert_int_equal(number, NUMBER);
	on = show;
	switched++;
	return 0;
}

struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg)
{
	(void)type;
	event_fd = fd;
	on_first = func;
	event_arg = arg;
	return (struct mevent *)&event_fd;
}

struct mevent *mevent_timer_add(mevent_func_t func, void *arg)
{
	(void)arg;
	on_timer = func;
	return (struct mevent *)&timer_ns;
}

int mevent_timer(struct mevent *evp, uint64_t ns)
{
	(void)evp;
	timer_ns = ns;
	return 0;
}

/* Posts stores as the kernel does, with a wake-up for the first. */
static void post(unsigned int n)
{
	const uint64_t one = 1;

	for (; n; n--) {
		page.store[page.head % VM_POSTED_STORES].value = page.head;
		if (page.head++ != page.tail)
			continue;
		assert_int_equal(write(event_fd, &one, sizeof(one)), 8);
		on_first(event_fd, EVF_READ, event_arg);
	}
}

/* Takes all stores, which must be in order; returns their number. */
static unsigned int take(void)
{
	const struct vm_posted_store *stores;
	unsigned int n, all = 0;

	while ((n = posted_next(posted, &stores))) {
		for (unsigned int i = 0; i < n; i++)
			assert_int_equal(stores[i].value, next++);
		posted_take(posted, n);
		all += n;
	}
	return all;
}

static void device_woken(void *dev)
{
	(void)dev;
	woken++;
	take();
}

static void fire(void)
{
	assert_int_not_equal(timer_ns, 0);
	timer_ns = 0;
	on_timer(-1, EVF_TIMER, event_arg);
}

static int setup(void **state)
{
	const struct vm_posted_words words = { 0 };

	(void)state;
	memset(&page, 0, sizeof(page));
	memset(shown, 0, sizeof(shown));
	woken = switched = next = 0;
	timer_ns = 0;
	on = false;
	return posted_add(NULL, 0, &words, device_woken, NULL, &posted);
}

static int teardown(void **state)
{
	(void)state;
	free(posted);
	return close(event_fd);
}

/* One wake-up for many stores, a moment after the first. */
static void woken_once(void **state)
{
	(void)state;
	post(3);
	assert_int_not_equal(timer_ns, 0);
	assert_int_equal(woken, 0);
	fire();
	assert_int_equal(woken, 1);
	assert_int_equal(page.tail, 3);
	assert_int_equal(timer_ns, 0);
	post(1);
	assert_int_not_equal(timer_ns, 0);
	fire();
	assert_int_equal(page.tail, 4);
}

/* Across the ring's end as well. */
static void in_order(void **state)
{
	unsigned int all = 0;

	(void)state;
	for (unsigned int n = 1; n <= VM_POSTED_STORES; n += 50) {
		post(n);
		all += take();
		assert_int_equal(all, page.head);
	}
}

/* While the timer is due anyway, the next store need not wake the device. */
static void kept_awake(void **state)
{
	(void)state;
	post(2);
	assert_int_equal(take(), 2);
	assert_int_not_equal(page.tail, page.head);
	fire();
	assert_int_equal(page.tail, page.head);
}

/* A full ring means many stores; a timer that finds few ends that. */
static void busy(void **state)
{
	(void)state;
	post(VM_POSTED_STORES - 1);
	take();
	assert_false(posted_is_busy(posted));
	fire();
	post(VM_POSTED_STORES);
	take();
	assert_true(posted_is_busy(posted));
	fire();
	assert_true(posted_is_busy(posted));
	post(VM_POSTED_STORES / 2);
	fire(); /* the timer goes on by itself, and takes these */
	assert_false(posted_is_busy(posted));
	assert_int_equal(timer_ns, 0);
	assert_int_equal(page.tail, page.head);
	assert_int_equal(woken, 3);
}

static void shows(void **state)
{
	(void)state;
	posted_answer(posted, 0x18, 0x90);
	posted_answer(posted, 0xffc, 0xb1);
	assert_int_equal(page.word[0x18 / 4], 0x90);
	assert_int_equal(shown[0x18 / 4], 0x90);
	assert_int_equal(shown[0xffc / 4], 0xb1);
	posted_show(posted, false);
	assert_int_equal(switched, 0);
	posted_show(posted, true);
	posted_show(posted, true);
	assert_true(on);
	assert_int_equal(switched, 1);
	posted_show(posted, false);
	assert_false(on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(woken_once, setup, teardown),
		cmocka_unit_test_setup_teardown(in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(kept_awake, setup, teardown),
		cmocka_unit_test_setup_teardown(busy, setup, teardown),
		cmocka_unit_test_setup_teardown(shows, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
