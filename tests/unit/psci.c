/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values from Arm DEN 0022 (PSCI 1.1), DEN 0028 (SMCCC 1.2), DEN 0098 (TRNG).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/psci.h"
#include "core/psci_query.h"

#define ON	   PSCI_CPU_STATE_ON
#define OFF	   PSCI_CPU_STATE_OFF
#define ON_PENDING PSCI_CPU_STATE_ON_PENDING

static const struct psci_host plain = {
	.nvcpus = 4,
	.cpu_state = { ON, OFF, ON_PENDING, OFF },
};

static const struct psci_host able = {
	.nvcpus = 1,
	.entropy = true,
	.workaround = { PSCI_WORKAROUND_NEEDED, PSCI_WORKAROUND_UNKNOWN,
			PSCI_WORKAROUND_UNNEEDED },
};

static struct psci_call call;

static enum psci_action ask(const struct psci_host *host, uint32_t fn,
			    uint32_t a0, uint32_t a1, uint32_t a2)
{
	uint32_t args[PSCI_NR_ARGS] = { a0, a1, a2 };

	memset(&call, 0x5a, sizeof(call));
	return psci_call(host, fn, args, &call);
}

static void expect(const struct psci_host *host, uint32_t fn, uint32_t a0,
		   uint32_t a1, int32_t r0)
{
	assert_int_equal(ask(host, fn, a0, a1, 0), PSCI_DO_RETURN);
	assert_int_equal(call.nret, 1);
	assert_int_equal((int32_t)call.ret[0], r0);
}

static void versions(void **state)
{
	(void)state;
	expect(&plain, 0x84000000, 0, 0, 0x10001);
	expect(&plain, 0x80000000, 0, 0, 0x10002);
	expect(&plain, 0x84000006, 0, 0, 2);
}

static void unknown_is_not_supported(void **state)
{
	static const uint32_t fns[] = {
		0,	    0x84000005, 0x84000007, 0x8400000b, 0x8400000c,
		0x8400000d, 0x8400000f, 0x84000010, 0x84000011, 0x84000013,
		0x84000014, 0x80000002, 0x80000003, 0x04000000, 0x85000000,
		0x86000000, 0xc4000003, 0xc4000053, 0xffffffff,
	};
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(fns) / sizeof(fns[0]); n++)
		expect(&plain, fns[n], 0, 0, -1);
}

static void features(void **state)
{
	static const uint32_t yes[] = {
		0x84000000, 0x84000001, 0x84000002, 0x84000003,
		0x84000004, 0x84000006, 0x84000008, 0x84000009,
		0x8400000a, 0x8400000e, 0x84000012, 0x80000000,
	};
	static const uint32_t no[] = {
		0x84000005, 0x84000007, 0x8400000b, 0x8400000c, 0x8400000f,
		0x84000013, 0xc4000003, 0x80000001, 0x84000053, 0,
	};
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(yes) / sizeof(yes[0]); n++)
		expect(&plain, 0x8400000a, yes[n], 0, 0);
	for (n = 0; n < sizeof(no) / sizeof(no[0]); n++)
		expect(&plain, 0x8400000a, no[n], 0, -1);
}

static void cpu_on_says_where(void **state)
{
	(void)state;
	assert_int_equal(ask(&plain, 0x84000003, 1, 0x40008001, 0xcafe),
			 PSCI_DO_CPU_ON);
	assert_int_equal(call.target, 1);
	assert_int_equal(call.entry, 0x40008001);
	assert_int_equal(call.context, 0xcafe);
	assert_int_equal(call.ret[0], 0);
	assert_int_equal(call.nret, 1);
}

static void cpu_on_errors(void **state)
{
	(void)state;
	expect(&plain, 0x84000003, 0, 0, -4);
	expect(&plain, 0x84000003, 2, 0, -5);
	expect(&plain, 0x84000003, 4, 0, -2);
	expect(&plain, 0x84000003, 0x100, 0, -2);
	expect(&plain, 0x84000003, 0x80000001, 0, -2);
}

static void cpu_suspend(void **state)
{
	(void)state;
	assert_int_equal(ask(&plain, 0x84000001, 0x1234, 1, 2),
			 PSCI_DO_SUSPEND_STANDBY);
	assert_int_equal(ask(&plain, 0x84000001, 0x01010000, 0x8000, 7),
			 PSCI_DO_SUSPEND_POWERDOWN);
	assert_int_equal(call.entry, 0x8000);
	assert_int_equal(call.context, 7);
	expect(&plain, 0x84000001, 0x02000000, 0, -2);
	expect(&plain, 0x84000001, 0x04000000, 0, -2);
	expect(&plain, 0x84000001, 0x00020000, 0, -2);
}

static void affinity_info(void **state)
{
	static const struct psci_host off = { .nvcpus = 2,
					      .cpu_state = { OFF, OFF } };
	static const struct psci_host pending = {
		.nvcpus = 2, .cpu_state = { OFF, ON_PENDING }
	};
	uint32_t level;

	(void)state;
	expect(&plain, 0x84000004, 0, 0, ON);
	expect(&plain, 0x84000004, 1, 0, OFF);
	expect(&plain, 0x84000004, 2, 0, ON_PENDING);
	expect(&plain, 0x84000004, 4, 0, -2);
	expect(&plain, 0x84000004, 0, 4, -2);
	for (level = 1; level < 4; level++) {
		expect(&plain, 0x84000004, 0x77, level, ON);
		expect(&off, 0x84000004, 0, level, OFF);
		expect(&pending, 0x84000004, 0, level, ON_PENDING);
		expect(&plain, 0x84000004, 0x01000000, level, -2);
	}
	expect(&plain, 0x84000004, 0x100, 1, -2);
	expect(&plain, 0x84000004, 0x100, 2, ON);
	expect(&plain, 0x84000004, 0x10000, 2, -2);
	expect(&plain, 0x84000004, 0x10000, 3, ON);
}

static void system_calls(void **state)
{
	(void)state;
	assert_int_equal(ask(&plain, 0x84000002, 0, 0, 0), PSCI_DO_CPU_OFF);
	assert_int_equal(ask(&plain, 0x84000008, 0, 0, 0), PSCI_DO_SYSTEM_OFF);
	assert_int_equal(ask(&plain, 0x84000009, 0, 0, 0),
			 PSCI_DO_SYSTEM_RESET);
	assert_int_equal(ask(&plain, 0x84000012, 0, 0x77, 0),
			 PSCI_DO_SYSTEM_RESET2);
	assert_int_equal(call.context, 0x77);
	expect(&plain, 0x84000012, 1, 0, -2);
	expect(&plain, 0x84000012, 0x80000000, 0, -2);
	expect(&plain, 0x8400000e, 0x8000, 0, -3);
	assert_int_equal(ask(&able, 0x8400000e, 0x8000, 9, 0),
			 PSCI_DO_SYSTEM_SUSPEND);
	assert_int_equal(call.entry, 0x8000);
	assert_int_equal(call.context, 9);
}

static void arch_features(void **state)
{
	(void)state;
	expect(&able, 0x80000001, 0x80000000, 0, 0);
	expect(&able, 0x80000001, 0x80000001, 0, 0);
	expect(&able, 0x80000001, 0x80000002, 0, -1);
	expect(&able, 0x80000001, 0x80008000, 0, 0);
	expect(&able, 0x80000001, 0x80007fff, 0, -1);
	expect(&able, 0x80000001, 0x80003fff, 0, 1);
	expect(&plain, 0x80000001, 0x80008000, 0, -1);
}

static void workarounds(void **state)
{
	(void)state;
	/* no register changes, not even r0 */
	expect(&able, 0x80008000, 0, 0, (int)0x80008000);
	expect(&able, 0x80003fff, 0, 0, (int)0x80003fff);
	expect(&able, 0x80007fff, 0, 0, -1);
}

static void trng_without_entropy(void **state)
{
	uint32_t fn;

	(void)state;
	for (fn = 0x84000050; fn < 0x84000054; fn++)
		expect(&plain, fn, 0x84000053, 0, -1);
}

static void trng(void **state)
{
	static const uint32_t entropy[3] = { 0x11111111, 0x22222222,
					     0x33333333 };

	(void)state;
	expect(&able, 0x84000050, 0, 0, 0x10000);
	expect(&able, 0x84000051, 0x84000053, 0, 0);
	expect(&able, 0x84000051, 0x84000054, 0, -1);
	expect(&able, 0x84000053, 0, 0, -2);
	expect(&able, 0x84000053, 97, 0, -2);
	assert_int_equal(ask(&able, 0x84000052, 0, 0, 0), PSCI_DO_RETURN);
	assert_int_equal(call.nret, 4);
	/*
	 * 5c9d1b0e-7a42-4e63-b1d7-20f6a48c3e95; r0 = -1 would mean that there
	 * is no TRNG
	 */
	assert_int_equal(call.ret[0], 0x5c9d1b0e);
	assert_int_equal(call.ret[1], 0x7a424e63);
	assert_int_equal(call.ret[2], 0xb1d720f6);
	assert_int_equal(call.ret[3], 0xa48c3e95);
	assert_int_equal(ask(&able, 0x84000053, 96, 0, 0), PSCI_DO_TRNG);
	psci_trng_result(&call, entropy);
	assert_int_equal(call.ret[0], 0);
	assert_int_equal(call.ret[3], 0x11111111);
	assert_int_equal(call.ret[1], 0x33333333);
	assert_int_equal(ask(&able, 0x84000053, 36, 0, 0), PSCI_DO_TRNG);
	psci_trng_result(&call, entropy);
	assert_int_equal(call.nret, 4);
	assert_int_equal(call.ret[3], 0x11111111);
	assert_int_equal(call.ret[2], 2);
	assert_int_equal(call.ret[1], 0);
}

/* HYP's fast way gives the same answer as psci_call(), or none. */
static void query_agrees(void **state)
{
	static const uint32_t bases[] = { 0x84000000, 0x80000000, 0x80008000,
					  0x80007f00, 0x80003f00 };
	uint32_t r0, n;
	size_t b;

	(void)state;
	for (b = 0; b < sizeof(bases) / sizeof(bases[0]); b++) {
		for (n = 0; n < 0x100; n++) {
			if (!psci_query(&able, bases[b] + n, 0x80008000, &r0))
				continue;
			expect(&able, bases[b] + n, 0x80008000, 0, (int)r0);
		}
	}
	assert_false(psci_query(&able, 0x84000003, 0, &r0));
	assert_true(psci_query(&able, 0x84000000, 0, &r0));
}

static void mpidr(void **state)
{
	(void)state;
	assert_int_equal(psci_mpidr(0), 0x80000000);
	assert_int_equal(psci_mpidr(7), 0x80000007);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(unknown_is_not_supported),
		cmocka_unit_test(features),
		cmocka_unit_test(cpu_on_says_where),
		cmocka_unit_test(cpu_on_errors),
		cmocka_unit_test(cpu_suspend),
		cmocka_unit_test(affinity_info),
		cmocka_unit_test(system_calls),
		cmocka_unit_test(arch_features),
		cmocka_unit_test(workarounds),
		cmocka_unit_test(trng_without_entropy),
		cmocka_unit_test(trng),
		cmocka_unit_test(query_agrees),
		cmocka_unit_test(mpidr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
