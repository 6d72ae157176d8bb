/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers to exits. Each returns 1 to resume the guest, 0 with run->exit filled
 * in for user space, or a negative errno for VM_RUN to return. They run in the
 * vCPU's thread, preemptible, with vcpu->lock held.
 */
#ifndef VMM_ARM_EXIT_H
#define VMM_ARM_EXIT_H

#include <linux/types.h>
#include <vmm/vmm.h>

struct vcpu;

int exit_abort(struct vcpu *vcpu, u32 hsr); /* abort.c */
int exit_cp(struct vcpu *vcpu, u32 hsr);    /* cp15.c */
int exit_hvc(struct vcpu *vcpu, u32 hsr);   /* psci.c */

/* debug.c: a breakpoint or watchpoint of VM_SET_DEBUG, or a BKPT; returns 0. */
int exit_debug_event(struct vcpu *vcpu, u32 hsr);

/* exit.c: raises Undefined Instruction in the guest; returns 1. */
int exit_undef(struct vcpu *vcpu);

/* exit.c: passes every syndrome register to user space; returns 0. */
int exit_hyp(struct vcpu *vcpu, enum vm_hyp_reason reason);

#endif /* VMM_ARM_EXIT_H */
