/* SPDX-License-Identifier: BSD-2-Clause */
/* The model of caches that the coherence checker goes by, and its decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/coherence/caches.h"
#include "tests/coherence/decode.h"

#define BASE 0x40000000u

static const struct actor host = { WORLD_HOST, 0, 0x100 };
static const struct actor guest = { WORLD_GUEST, 0, 0x200 };
static int told; /* enum fault, or -1 */

void report_fault(enum fault fault, uint64_t pa, const struct actor *by,
		  const struct actor *writer)
{
	(void)pa, (void)by, (void)writer;
	told = fault;
}

/* Each test has a page of its own, that nobody has touched. */
static uint64_t fresh(void)
{
	static uint64_t next = BASE;

	told = -1;
	next += PAGE_SIZE;
	return next;
}

static void past_the_caches(void **state)
{
	uint64_t pa = fresh();

	(void)state;
	caches_store(pa, 4, true, &host);
	caches_load(pa + 4, 4, false, &guest);
	assert_int_equal(told, -1); /* a neighbour */
	caches_load(pa, 4, false, &guest);
	assert_int_equal(told, FAULT_STALE_MEMORY);
}

static void cleaned(void **state)
{
	uint64_t pa = fresh();

	(void)state;
	caches_store(pa, 8, true, &host);
	caches_maintain(pa, MAINT_CLEAN_POU, &host);
	caches_show(pa, &host);
	assert_int_equal(told, FAULT_SHOWN);
	told = -1;
	caches_maintain(pa, MAINT_CLEAN_POC, &host);
	caches_show(pa, &host);
	caches_load(pa, 8, false, &guest);
	assert_int_equal(told, -1);
}

static void turned_on(void **state)
{
	uint64_t pa = fresh();

	(void)state;
	caches_store(pa, 4, false, &guest);
	caches_load(pa, 4, true, &guest);
	assert_int_equal(told, FAULT_STALE_CACHE);
	pa = fresh();
	caches_store(pa, 4, false, &guest);
	caches_maintain(pa, MAINT_CLEAN_INVALIDATE_POC, &host);
	caches_load(pa, 4, true, &guest);
	assert_int_equal(told, -1);
}

static void lost(void **state)
{
	uint64_t pa = fresh();

	(void)state;
	caches_store(pa, 4, true, &guest);
	caches_maintain(pa, MAINT_INVALIDATE_POC, &guest);
	assert_int_equal(told, FAULT_DISCARDED);
	told = -1;
	caches_store(pa, 4, true, &host);
	caches_store(pa + 32, 4, false, &guest);
	assert_int_equal(told, FAULT_OVERWRITTEN);
}

static void code(void **state)
{
	uint64_t pa = fresh();

	(void)state;
	caches_store(pa, 4, true, &host);
	caches_fetch(pa, 4, true, &guest);
	assert_int_equal(told, FAULT_FETCH_UNCLEANED);
	told = -1;
	caches_store(pa, 4, true, &host);
	caches_maintain(pa, MAINT_CLEAN_POU, &host);
	caches_fetch(pa, 4, true, &guest);
	assert_int_equal(told, FAULT_FETCH_STALE);
	told = -1;
	caches_store(pa, 4, true, &host);
	caches_forget_all_code(); /* too early */
	caches_maintain(pa, MAINT_CLEAN_POU, &host);
	caches_fetch(pa, 4, true, &guest);
	assert_int_equal(told, FAULT_FETCH_STALE);
	told = -1;
	caches_store(pa, 4, true, &host);
	caches_maintain(pa, MAINT_CLEAN_POU, &host);
	caches_forget_code(1); /* another CPU's */
	caches_forget_code(0);
	caches_fetch(pa, 4, true, &guest);
	assert_int_equal(told, -1);
	/* Its MMU off, a CPU fetches past the data caches. */
	caches_fetch(pa, 4, false, &guest);
	assert_int_equal(told, FAULT_FETCH_UNCLEANED);
}

static void all(void **state)
{
	uint64_t pa = fresh();

	(void)state;
	caches_store(pa, 4, true, &host);
	caches_flush_all();
	caches_show(pa, &host);
	assert_int_equal(told, -1);
}

static void decoding(void **state)
{
	/* MCR p15, 0, r2, c7, c14, 1 in ARM, the same in Thumb; MCRNE. */
	struct cp15_write w = decode_cp15(0xee072f3e);

	(void)state;
	assert_int_equal(w.op, MAINT_CLEAN_INVALIDATE_POC);
	assert_int_equal(w.rt, 2);
	assert_false(w.thumb);
	w = decode_cp15(0x2f3eee07);
	assert_int_equal(w.op, MAINT_CLEAN_INVALIDATE_POC);
	assert_true(w.thumb);
	assert_int_equal(decode_cp15(0x1e072f3e).cond, 1);
	/* ICIALLUIS; TLBIALLH; SCTLR; MCRR VTTBR; MRC SCTLR; ISB as MCR */
	assert_int_equal(decode_cp15(0xee070f11).op, MAINT_ICACHE_ALL_IS);
	assert_int_equal(decode_cp15(0xee880f17).op, MAINT_TLB);
	assert_int_equal(decode_cp15(0xee010f10).op, MAINT_REGISTER);
	assert_int_equal(decode_cp15(0xec410f62).op, MAINT_REGISTER);
	assert_int_equal(decode_cp15(0xee110f10).op, MAINT_NONE);
	assert_int_equal(decode_cp15(0xee070f95).op, MAINT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(past_the_caches),
		cmocka_unit_test(cleaned),
		cmocka_unit_test(turned_on),
		cmocka_unit_test(lost),
		cmocka_unit_test(code),
		cmocka_unit_test(all),
		cmocka_unit_test(decoding),
	};

	if (!caches_init(BASE, 64 * PAGE_SIZE))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
