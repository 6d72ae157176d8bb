/* SPDX-License-Identifier: BSD-2-Clause */
/* Emulation of loads and stores of the distributor for which HSR.ISV is 0. */
#ifndef VMM_ARM_EMULATE_H
#define VMM_ARM_EMULATE_H

struct vcpu;

/*
 * Emulates the load or store at PC, which accesses the GIC's distributor and
 * for which HSR.ISV is 0. Returns what exit_abort() returns.
 */
int emulate_insn(struct vcpu *vcpu);

#endif /* VMM_ARM_EMULATE_H */
