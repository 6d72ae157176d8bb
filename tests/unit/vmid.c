// SPDX-License-Identifier: BSD-2-Clause
/*
 * More VMs than VMIDs: two VMs that CPUs run never have the same VMID, the VMID of a VM
 * that a CPU runs does not change, and a VMID is flushed before another VM gets it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/arm/vmid.h"

#define NCPUS 8
#define NVMS  300

static struct vmid_pool pool;
static struct vmid *active[NCPUS];
static struct vmid vms[NVMS];

static int fresh(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NVMS; i++)
		vms[i] = (struct vmid){ 0 };
	vmid_pool_init(&pool, active, NCPUS);
	return 0;
}

static void all_255_are_given_before_a_flush(void **state)
{
	bool seen[NR_VMIDS] = { false };

	(void)state;
	for (unsigned int i = 0; i < 255; i++) {
		assert_false(vmid_take(&pool, &vms[i], 0));
		assert_in_range(vms[i].number, 1, 255);
		assert_false(seen[vms[i].number]);
		seen[vms[i].number] = true;
	}
	assert_true(vmid_take(&pool, &vms[255], 0));
	assert_in_range(vms[255].number, 1, 255);
}

static void a_vm_keeps_its_own(void **state)
{
	uint32_t number;

	(void)state;
	vmid_take(&pool, &vms[0], 0);
	number = vms[0].number;
	for (unsigned int i = 1; i < 200; i++)
		vmid_take(&pool, &vms[i], 0);
	assert_false(vmid_take(&pool, &vms[0], 3));
	assert_int_equal(vms[0].number, number);
}

static void what_runs_keeps_its_own_over_a_flush(void **state)
{
	uint32_t number;

	(void)state;
	vmid_take(&pool, &vms[0], 1);
	number = vms[0].number;
	for (unsigned int i = 1; i < NVMS; i++)
		vmid_take(&pool, &vms[i], 0);
	assert_ptr_equal(active[1], &vms[0]);
	assert_int_equal(vms[0].number, number);
	/* Another vCPU of the VM, on another CPU, finds the same VMID. */
	assert_false(vmid_take(&pool, &vms[0], 2));
	assert_int_equal(vms[0].number, number);
}

static void a_freed_vm_is_no_ones_any_more(void **state)
{
	(void)state;
	vmid_take(&pool, &vms[0], 1);
	vmid_take(&pool, &vms[0], 2);
	vmid_take(&pool, &vms[1], 3);
	vmid_drop(&pool, &vms[0]);
	assert_null(active[1]);
	assert_null(active[2]);
	assert_ptr_equal(active[3], &vms[1]);
}

/*
 * CPUs that run VMs in any order, against a model of their TLBs: whose entries
 * there may be under each VMID since it was flushed.
 */
static void any_order_of_300_vms(void **state)
{
	const struct vmid *owner[NR_VMIDS] = { NULL };
	unsigned int flushes = 0;

	(void)state;
	srand(1);
	for (unsigned int round = 0; round < 200000; round++) {
		unsigned int cpu = (unsigned int)rand() % NCPUS;
		struct vmid *vm = &vms[(unsigned int)rand() % NVMS];

		if (active[cpu] != vm && vmid_take(&pool, vm, cpu)) {
			flushes++;
			for (unsigned int i = 0; i < NR_VMIDS; i++)
				owner[i] = NULL;
			/* These run on and fill the TLB at once. */
			for (unsigned int i = 0; i < NCPUS; i++)
				if (active[i])
					owner[active[i]->number] = active[i];
		}
		assert_in_range(vm->number, 1, 255);
		assert_true(!owner[vm->number] || owner[vm->number] == vm);
		owner[vm->number] = vm;
		for (unsigned int i = 0; i < NCPUS; i++)
			assert_true(!active[i] ||
				    owner[active[i]->number] == active[i]);
	}
	/* A flush comes only when all VMIDs but those in use have been given out. */
	assert_in_range(flushes, 1, 200000 / (255 - NCPUS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all_255_are_given_before_a_flush, fresh),
		cmocka_unit_test_setup(a_vm_keeps_its_own, fresh),
		cmocka_unit_test_setup(what_runs_keeps_its_own_over_a_flush,
				       fresh),
		cmocka_unit_test_setup(a_freed_vm_is_no_ones_any_more, fresh),
		cmocka_unit_test_setup(any_order_of_300_vms, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
