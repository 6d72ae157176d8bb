/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lock of one VM's interrupt state, taken by the host kernel (interrupts
 * off, so that its holder is never away for long) and by HYP, which only
 * tries: a holder may be the very CPU that HYP has interrupted.
 *
 * Nothing nests inside it. It lies in Normal cacheable memory mapped by both
 * worlds with the same attributes, as LDREX/STREX ask (Arm ARM DDI 0406C
 * A3.4.5).
 */
#ifndef CORE_VGIC_LOCK_H
#define CORE_VGIC_LOCK_H

#include "core/types.h"

struct vgic_lock {
	uint32_t held; /* 0 or 1 */
};

/* Take the lock if it is free, never waiting; false: somebody has it. */
static inline bool vgic_trylock(struct vgic_lock *lock)
{
	return !__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE);
}

/* Take the lock; not from HYP. The critical sections are short and bounded. */
static inline void vgic_lock(struct vgic_lock *lock)
{
	while (!vgic_trylock(lock))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			;
}

/* Everything written under the lock is seen by whoever takes it next. */
static inline void vgic_unlock(struct vgic_lock *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#endif /* CORE_VGIC_LOCK_H */
