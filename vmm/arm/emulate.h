/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads and stores of the distributor by instructions that leave no syndrome.
 */
#ifndef VMM_ARM_EMULATE_H
#define VMM_ARM_EMULATE_H

struct vcpu;

/*
 * Carries out the load or store at PC that reaches the GIC's distributor and
 * whose syndrome does not describe it. As exit_*() return.
 */
int emulate_insn(struct vcpu *vcpu);

#endif /* VMM_ARM_EMULATE_H */
