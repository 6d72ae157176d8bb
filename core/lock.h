/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A lock of what the host kernel and HYP share. The kernel takes it (interrupts
 * off, so that its holder is never away for long); HYP only tries: a holder may
 * be the very CPU that HYP has interrupted.
 *
 * Nothing nests inside it. It lies in Normal cacheable memory mapped by both
 * worlds with the same attributes, as LDREX/STREX ask (Arm ARM DDI 0406C
 * A3.4.5).
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/types.h"

struct hyp_lock {
	uint32_t held; /* 0 or 1 */
};

/* Take the lock if it is free, never waiting; false: somebody has it. */
static inline bool hyp_trylock(struct hyp_lock *lock)
{
	return !__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE);
}

/* Take the lock; not from HYP. The critical sections are short and bounded. */
static inline void hyp_lock(struct hyp_lock *lock)
{
	while (!hyp_trylock(lock))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			;
}

/* Everything written under the lock is seen by whoever takes it next. */
static inline void hyp_unlock(struct hyp_lock *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif /* CORE_LOCK_H */
