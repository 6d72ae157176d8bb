/* SPDX-License-Identifier: BSD-2-Clause */
/* What bhyve must know of the guest's architecture: one file in each arch/. */
#ifndef BHYVE_ARCH_H
#define BHYVE_ARCH_H

#include <stdint.h>
#include <stdio.h>

struct vcpu;

/* The names of struct vm_exit's u.hyp words there. */
struct arch_exit_names {
	const char *esr, *far, *ifar, *hpfar, *pstate;
};
extern const struct arch_exit_names arch_exit_names;

/*
 * Puts a vCPU fresh from its reset into the state in which a kernel expects
 * to be entered (Linux's Documentation/arm/booting.rst): at @entry, MMU off,
 * with the device tree at @dtb_gpa, and @arg0 in the first register, which
 * is 0 there. Negative errno.
 */
int arch_set_boot_state(struct vcpu *vcpu, uint64_t entry, uint64_t arg0,
			uint64_t dtb_gpa);

/* The device tree's compatible string for this vCPU's processor. */
const char *arch_cpu_compatible(struct vcpu *vcpu);

/* The rate of the counter that its timers compare with, in Hz. */
uint32_t arch_timer_hz(struct vcpu *vcpu);

/* Answers a call with NOT_SUPPORTED (DEN 0028, 5.2). */
void arch_smccc_not_supported(struct vcpu *vcpu);

/* The exception class in a VM_EXITCODE_HYP's esr, in words. */
const char *arch_exit_class(uint64_t esr);

#define ARCH_INSN_TEXTLEN	192

/*
 * An instruction of @length bytes, 2 or 4, as struct vm_exit has it, in the
 * assembler's words; @pc and @pstate are where and how it was to be executed.
 */
void arch_disassemble(uint64_t pc, uint64_t pstate, uint32_t insn,
		      uint32_t length, char text[ARCH_INSN_TEXTLEN]);

/* Says on stderr what the general registers of a stopped vCPU hold. */
void arch_print_registers(struct vcpu *vcpu);

/*
 * Where a stopped vCPU is, in words: PC, mode, MMU, interrupts, and what that
 * says of the guest's trouble, if it says something.
 */
void arch_describe(struct vcpu *vcpu, FILE *out);

#define ARCH_REG_NAMELEN	24

/* The architecture's name for a register of VM_GET_REG_LIST. */
void arch_reg_name(uint64_t id, char name[ARCH_REG_NAMELEN]);

#endif /* BHYVE_ARCH_H */
