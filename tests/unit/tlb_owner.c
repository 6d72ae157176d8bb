// SPDX-License-Identifier: BSD-2-Clause
/*
 * Two vCPUs of a VM that take turns on a CPU never see each other's TLB
 * entries. A vCPU that stays there, or one of another VM, causes no flush.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/arm/tlb_owner.h"

static int fresh(void **state)
{
	static struct tlb_owners owners;

	tlb_owners_reset(&owners);
	*state = &owners;
	return 0;
}

static void first_vcpu_flushes_nothing(void **state)
{
	assert_false(tlb_owner_change(*state, 1, 0));
	assert_false(tlb_owner_change(*state, 255, 7));
}

static void staying_flushes_nothing(void **state)
{
	tlb_owner_change(*state, 1, 3);
	assert_false(tlb_owner_change(*state, 1, 3));
}

static void sibling_flushes_each_time(void **state)
{
	tlb_owner_change(*state, 1, 0);
	assert_true(tlb_owner_change(*state, 1, 1));
	assert_true(tlb_owner_change(*state, 1, 0));
	assert_false(tlb_owner_change(*state, 1, 0));
}

static void other_vm_is_no_sibling(void **state)
{
	tlb_owner_change(*state, 1, 0);
	assert_false(tlb_owner_change(*state, 2, 1));
	assert_false(tlb_owner_change(*state, 1, 0));
	assert_true(tlb_owner_change(*state, 2, 0));
}

static void reset_forgets_all(void **state)
{
	tlb_owner_change(*state, 1, 0);
	tlb_owners_reset(*state);
	assert_false(tlb_owner_change(*state, 1, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(first_vcpu_flushes_nothing, fresh),
		cmocka_unit_test_setup(staying_flushes_nothing, fresh),
		cmocka_unit_test_setup(sibling_flushes_each_time, fresh),
		cmocka_unit_test_setup(other_vm_is_no_sibling, fresh),
		cmocka_unit_test_setup(reset_forgets_all, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
