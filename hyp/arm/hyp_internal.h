/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What HYP's own files call of each other. All of it runs in HYP mode with
 * exceptions masked, on the CPU whose struct hyp_cpu is given.
 */
#ifndef HYP_ARM_HYP_INTERNAL_H
#define HYP_ARM_HYP_INTERNAL_H

#include "hyp/hyp.h"

/* hyp_trap() and hyp_irq(): handled, back into the guest; else hyp_exit. */
#define HYP_RESUME 0xff

/* vectors.S */
extern char hyp_host_vectors[], hyp_guest_vectors[];

/* cpu.c: what a CPU needs once, at takeover. */
void hyp_cpu_init(struct hyp_cpu *cpu);

/* switch.c: from the host's world to the guest's, and back. */
void hyp_enter(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
void hyp_leave(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
/* The host's half of hyp_leave() alone: the guest's state is lost. */
void hyp_restore_host(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);

/* trap.c, irq.c: an exception out of the guest. HYP_RESUME or hyp_exit. */
uint32_t hyp_trap(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
uint32_t hyp_irq(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);

/* gich.c: list registers and what belongs to them. */
void hyp_gich_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);
void hyp_gich_save(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu);

/* vfp.c: swap VFP and NEON; HCPTR lets them through afterwards. */
void hyp_vfp_to_guest(struct hyp_vcpu *vcpu);
void hyp_vfp_to_host(struct hyp_vcpu *vcpu);

/* host_call.c: r0 of the host's HVC is call, and returns. */
uint32_t hyp_host_call(uint32_t call, uint32_t a, uint32_t b);

/*
 * fault.c: completes cpu->fault. True if a guest was loaded, whose VM is to
 * stop; the host's registers are back then.
 */
bool hyp_fault(struct hyp_cpu *cpu);

#endif /* HYP_ARM_HYP_INTERNAL_H */
