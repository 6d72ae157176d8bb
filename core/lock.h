/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock that the host's kernel and HYP share. The kernel takes it with
 * interrupts off, so that the holder is never away for long. HYP only tries:
 * the holder may be the CPU that HYP has interrupted.
 *
 * Nothing nests inside it. It is in Normal cacheable memory, which both worlds
 * map with the same attributes, as LDREX and STREX require.
 * tests/litmus/lock.litmus shows that the barriers are enough.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/types.h"

/* A ticket lock: CPUs get it in the order in which they asked. */
struct hyp_lock {
	uint16_t next; /* the ticket that the next CPU takes */
	uint16_t turn; /* the ticket that has the lock; next: none has */
};

/*
 * Takes the lock if nobody has it or waits for it, without waiting; false: it is
 * taken.
 */
static inline bool hyp_trylock(struct hyp_lock *lock)
{
	uint16_t turn = __atomic_load_n(&lock->turn, __ATOMIC_RELAXED);
	uint16_t ticket = turn;

	return __atomic_compare_exchange_n(&lock->next, &ticket,
					   (uint16_t)(turn + 1), false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/*
 * Waits and takes the lock; the kernel only. Critical sections are short, and a
 * waiter lets each other CPU go before it once.
 */
static inline void hyp_lock(struct hyp_lock *lock)
{
	uint16_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&lock->turn, __ATOMIC_ACQUIRE) != ticket)
		;
}

/*
 * Releases the lock. Whoever takes it next sees all that was written under it.
 */
static inline void hyp_unlock(struct hyp_lock *lock)
{
	__atomic_store_n(&lock->turn, (uint16_t)(lock->turn + 1),
			 __ATOMIC_RELEASE);
}

#endif /* CORE_LOCK_H */
