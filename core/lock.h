/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock that the host's kernel and HYP share. The kernel takes it with
 * interrupts off, so that the holder is never away for long. HYP only tries:
 * the holder may be the CPU that HYP has interrupted.
 *
 * Nothing nests inside it. It is in Normal cacheable memory, which both worlds
 * map with the same attributes, as LDREX and STREX require.
 * tests/litmus/lock.litmus shows that the barriers suffice.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/types.h"

struct hyp_lock {
	uint32_t held; /* 0 or 1 */
};

/* Takes the lock if it is free, without waiting; false: it is taken. */
static inline bool hyp_trylock(struct hyp_lock *lock)
{
	return !__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE);
}

/* Waits and takes the lock; the kernel only. Critical sections are short. */
static inline void hyp_lock(struct hyp_lock *lock)
{
	while (!hyp_trylock(lock))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			;
}

/*
 * Releases the lock. Whoever takes it next sees all that was written under it.
 */
static inline void hyp_unlock(struct hyp_lock *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif /* CORE_LOCK_H */
