/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bhyve needs to know of the guest's architecture. bhyve/arm/ implements
 * it for ARMv7-A.
 */
#ifndef BHYVE_ARCH_H
#define BHYVE_ARCH_H

#include <stdint.h>
#include <stdio.h>

struct vcpu;

/* The names of the words in struct vm_exit's u.hyp. */
struct arch_exit_names {
	const char *esr, *far, *ifar, *hpfar, *pstate;
};
extern const struct arch_exit_names arch_exit_names;

/*
 * Puts a vCPU that has just been reset into the state in which a kernel expects
 * to be entered (Linux's Documentation/arm/booting.rst): at @entry, MMU off,
 * @arg0 in r0, which Linux wants as 0, and the device tree's address @dtb_gpa
 * in r2. 0 or a negative errno.
 */
int arch_set_boot_state(struct vcpu *vcpu, uint64_t entry, uint64_t arg0,
			uint64_t dtb_gpa);

/* The device tree's "compatible" string for this vCPU's processor. */
const char *arch_cpu_compatible(struct vcpu *vcpu);

/* The rate of the counter that the guest's timers use, in Hz. */
uint32_t arch_timer_hz(struct vcpu *vcpu);

/* The name of the exception class in the esr of a VM_EXITCODE_HYP. */
const char *arch_exit_class(uint64_t esr);

#define ARCH_INSN_TEXTLEN 192

/*
 * Disassembles an instruction of @length bytes (2 or 4) as struct vm_exit has
 * it, for execution at @pc with CPSR @pstate.
 */
void arch_disassemble(uint64_t pc, uint64_t pstate, uint32_t insn,
		      uint32_t length, char text[ARCH_INSN_TEXTLEN]);

/* Prints the general registers of a stopped vCPU on stderr. */
void arch_print_registers(struct vcpu *vcpu);

/*
 * Describes where a stopped vCPU is: PC, mode, MMU, interrupt masks, and what
 * these tell about the guest's trouble, if anything.
 */
void arch_describe(struct vcpu *vcpu, FILE *out);

#endif /* BHYVE_ARCH_H */
