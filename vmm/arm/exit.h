/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers to exits. Each returns 1 to go on with the guest, 0 with run->exit
 * filled in for user space, or a negative errno for VM_RUN to return. All run
 * in the vCPU's thread with vcpu->lock held, preemptible.
 */
#ifndef VMM_ARM_EXIT_H
#define VMM_ARM_EXIT_H

#include <linux/types.h>
#include <vmm/vmm.h>

struct vcpu;

int exit_abort(struct vcpu *vcpu, u32 hsr); /* abort.c */
int exit_cp(struct vcpu *vcpu, u32 hsr);    /* cp15.c */
int exit_hvc(struct vcpu *vcpu, u32 hsr);   /* psci.c */

/* debug.c: a breakpoint or watchpoint of VM_SET_DEBUG, or a BKPT; 0. */
int exit_debug_event(struct vcpu *vcpu, u32 hsr);

/* exit.c: an Undefined Instruction exception into the guest; 1. */
int exit_undef(struct vcpu *vcpu);

/* exit.c: to user space with every syndrome register; 0. */
int exit_hyp(struct vcpu *vcpu, enum vm_hyp_reason reason);

#endif /* VMM_ARM_EXIT_H */
