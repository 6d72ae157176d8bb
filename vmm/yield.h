/* SPDX-License-Identifier: BSD-2-Clause */
/* Yielding to a sibling: another vCPU of the same VM. */
#ifndef VMM_YIELD_H
#define VMM_YIELD_H

#include <linux/types.h>

struct vcpu;

/*
 * Before it sleeps, a vCPU yields to a runnable sibling on its CPU: it is often
 * the one it waits for, and a yield is cheaper than sleep and wake-up. Returns
 * true if it yielded. The vCPU's thread; may sleep.
 */
bool yield_to_sibling(struct vcpu *vcpu);

/*
 * Ends the yield of a vCPU that has something to do now: the sibling that runs
 * on its CPU has to give way. A woken thread could preempt it; one that has
 * yielded would have to wait for its turn. Any context.
 */
void yield_end(struct vcpu *vcpu);

#endif /* VMM_YIELD_H */
