// SPDX-License-Identifier: BSD-2-Clause
#include "core/arm/vmid.h"

static bool vmid_is_given(const struct vmid_pool *pool, uint32_t number)
{
	return pool->given[number / 32] >> (number % 32) & 1;
}

static void vmid_mark_given(struct vmid_pool *pool, uint32_t number)
{
	pool->given[number / 32] |= 1u << (number % 32);
}

static void vmid_forget_given(struct vmid_pool *pool)
{
	for (unsigned int i = 0; i < NR_VMIDS / 32; i++)
		pool->given[i] = 0;
	/* The host runs with VMID 0. */
	vmid_mark_given(pool, 0);
	pool->last = 0;
}

void vmid_pool_init(struct vmid_pool *pool, struct vmid **active,
		    unsigned int ncpus)
{
	pool->generation = 1;
	pool->active = active;
	pool->ncpus = ncpus;
	for (unsigned int cpu = 0; cpu < ncpus; cpu++)
		active[cpu] = NULL;
	vmid_forget_given(pool);
}

/*
 * Takes back all VMIDs but those of the VMs that run on a CPU at this moment, which
 * keep theirs in the new generation.
 */
static void vmid_begin_generation(struct vmid_pool *pool)
{
	vmid_forget_given(pool);
	pool->generation++;
	for (unsigned int cpu = 0; cpu < pool->ncpus; cpu++) {
		struct vmid *vmid = pool->active[cpu];

		if (!vmid)
			continue;
		vmid->generation = pool->generation;
		vmid_mark_given(pool, vmid->number);
	}
}

/* Upwards, so that a VMID is reused as late as possible. 0: none is left. */
static uint32_t vmid_next_free(const struct vmid_pool *pool)
{
	uint32_t number = pool->last + 1;

	while (number < NR_VMIDS && vmid_is_given(pool, number))
		number++;
	return number < NR_VMIDS ? number : 0;
}

bool vmid_take(struct vmid_pool *pool, struct vmid *vmid, unsigned int cpu)
{
	bool begins = false;
	uint32_t number;

	if (vmid->generation != pool->generation) {
		number = vmid_next_free(pool);
		if (!number) {
			vmid_begin_generation(pool);
			begins = true;
			number = vmid_next_free(pool);
		}
		vmid_mark_given(pool, number);
		pool->last = number;
		__atomic_store_n(&vmid->number, number, __ATOMIC_RELAXED);
		vmid->generation = pool->generation;
	}
	__atomic_store_n(&pool->active[cpu], vmid, __ATOMIC_RELAXED);
	return begins;
}

void vmid_drop(struct vmid_pool *pool, const struct vmid *vmid)
{
	for (unsigned int cpu = 0; cpu < pool->ncpus; cpu++)
		if (pool->active[cpu] == vmid)
			__atomic_store_n(&pool->active[cpu], NULL,
					 __ATOMIC_RELAXED);
}
