/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of bhyve/arch.h for ARMv7-A. */
#include <inttypes.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/arch.h"
#include "bhyve/base/debug.h"
#include "core/arm/cpu.h"
#include "core/arm/hsr.h"
#include "lib/vmmapi.h"

/* Supervisor mode, asynchronous aborts and interrupts masked. */
#define CPSR_BOOT 0x1d3u

#define MIDR		VM_REG_CP15(0, 0, 0, 0)
#define CNTFRQ		VM_REG_CP15(14, 0, 0, 0)
#define MIDR_PART(midr) ((midr) >> 4 & 0xfff)

const struct arch_exit_names arch_exit_names = {
	.esr = "HSR",
	.far = "HDFAR",
	.ifar = "HIFAR",
	.hpfar = "HPFAR",
	.pstate = "CPSR",
};

int arch_set_boot_state(struct vcpu *vcpu, uint64_t entry, uint64_t arg0,
			uint64_t dtb_gpa)
{
	const uint64_t ids[] = { VM_REG_GUEST_R0, VM_REG_GUEST_R1,
				 VM_REG_GUEST_R2, VM_REG_GUEST_PC,
				 VM_REG_GUEST_CPSR };
	/* r1 = ~0: only the device tree describes this machine. */
	const uint64_t vals[] = { arg0, UINT32_MAX, dtb_gpa,
				  entry & ~UINT64_C(1),
				  CPSR_BOOT | (entry & 1 ? CPSR_T : 0) };

	return vm_set_register_set(vcpu, 5, ids, vals);
}

const char *arch_cpu_compatible(struct vcpu *vcpu)
{
	uint64_t midr = 0;

	vm_get_register(vcpu, MIDR, &midr);
	switch (MIDR_PART(midr)) {
	case 0xc07:
		return "arm,cortex-a7";
	case 0xc0d:
	case 0xc0e:
		return "arm,cortex-a17";
	case 0xc0f:
		return "arm,cortex-a15";
	default:
		return "arm,armv7";
	}
}

uint32_t arch_timer_hz(struct vcpu *vcpu)
{
	uint64_t hz = 0;

	vm_get_register(vcpu, CNTFRQ, &hz);
	return hz;
}

const char *arch_exit_class(uint64_t esr)
{
	return hsr_ec_name(HSR_EC(esr));
}

/* Five registers on a line, in the current mode's banks. */
void arch_print_registers(struct vcpu *vcpu)
{
	uint64_t ids[15], r[15] = { 0 };

	for (unsigned int i = 0; i < 15; i++)
		ids[i] = VM_REG_GUEST_CUR_R0 + i;
	if (vm_get_register_set(vcpu, 15, ids, r))
		return;
	for (unsigned int i = 0; i < 15; i += 5)
		eprintln("  R%-2u %08" PRIx64 " %08" PRIx64 " %08" PRIx64
			 " %08" PRIx64 " %08" PRIx64,
			 i, r[i], r[i + 1], r[i + 2], r[i + 3], r[i + 4]);
}
