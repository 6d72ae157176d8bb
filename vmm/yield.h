/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU that has nothing to do lets another one of its VM go first.
 */
#ifndef VMM_YIELD_H
#define VMM_YIELD_H

#include <linux/types.h>

struct vcpu;

/*
 * Before the vCPU sleeps: who waits for its CPU is often the one that it waits
 * for, and with that gone first there may be no need to sleep and to be woken,
 * which is most of what it takes. Whether there was one. The vCPU's thread.
 */
bool yield_to_sibling(struct vcpu *vcpu);

/*
 * Something has come for a vCPU that is yielding. A thread that the scheduler
 * wakes may take the CPU from another, one that has yielded waits for its turn:
 * so the sibling that runs there gives way. Any context.
 */
void yield_end(struct vcpu *vcpu);

#endif /* VMM_YIELD_H */
