/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints the state of a guest whose exit nothing can answer. */
#include <inttypes.h>
#include "bhyve/arch.h"
#include "bhyve/base/debug.h"
#include "bhyve/run/vmexit.h"

static const char *reason(uint32_t code)
{
	switch (code) {
	case VM_HYP_UNKNOWN_EC:
		return "an exception of a class nothing answers";
	case VM_HYP_FAULT:
		return "a fault in HYP mode itself (a bug: please report it)";
	default:
		return "vmm.ko lost its footing (a bug: please report it)";
	}
}

static void print_instruction(const struct vm_exit *e)
{
	char text[ARCH_INSN_TEXTLEN];

	if (!e->inst_length) {
		eprintln("  the instruction at PC could not be read");
		return;
	}
	arch_disassemble(e->pc, e->u.hyp.pstate, e->u.hyp.insn, e->inst_length,
			 text);
	eprintln("  instruction 0x%0*x: %s", (int)e->inst_length * 2,
		 e->u.hyp.insn, text);
}

void print_hyp_exit(struct vcpu *vcpu, const struct vm_exit *e)
{
	eprintln("vCPU %u stopped: %s", vcpu_id(vcpu), reason(e->u.hyp.reason));
	eprintln("  exception class: %s", arch_exit_class(e->u.hyp.esr));
	eprintln("  %s 0x%08" PRIx64 "  %s 0x%08" PRIx64 "  %s 0x%08" PRIx64
		 "  %s 0x%08" PRIx64,
		 arch_exit_names.esr, (uint64_t)e->u.hyp.esr,
		 arch_exit_names.far, (uint64_t)e->u.hyp.far,
		 arch_exit_names.ifar, (uint64_t)e->u.hyp.ifar,
		 arch_exit_names.hpfar, (uint64_t)e->u.hyp.hpfar);
	eprintln("  PC 0x%08" PRIx64 "  %s 0x%08" PRIx64
		 "  guest-physical 0x%08" PRIx64,
		 (uint64_t)e->pc, arch_exit_names.pstate,
		 (uint64_t)e->u.hyp.pstate, (uint64_t)e->u.hyp.gpa);
	print_instruction(e);
	arch_print_registers(vcpu);
}
