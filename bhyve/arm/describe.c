/* SPDX-License-Identifier: BSD-2-Clause */
/* Describes in words where a vCPU is (mode, MMU, interrupt masks). */
#include <inttypes.h>
#include <stdbool.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/arch.h"
#include "core/arm/cpu.h"
#include "lib/vmmapi.h"

#define SCTLR	     VM_REG_CP15(1, 0, 0, 0)
#define VBAR	     VM_REG_CP15(12, 0, 0, 0)
#define HIGH_VECTORS 0xffff0000u

static uint32_t get(struct vcpu *vcpu, uint64_t id)
{
	uint64_t val = 0;

	vm_get_register(vcpu, id, &val);
	return val;
}

static const char *mode_name(uint32_t cpsr)
{
	switch (cpsr & CPSR_M_MASK) {
	case 0x10:
		return "User";
	case 0x11:
		return "FIQ";
	case 0x12:
		return "IRQ";
	case 0x13:
		return "Supervisor";
	case 0x17:
		return "Abort";
	case 0x1b:
		return "Undefined";
	case 0x1f:
		return "System";
	default:
		return "no valid";
	}
}

static const char *masked(uint32_t cpsr)
{
	switch (cpsr & (CPSR_I | CPSR_F)) {
	case CPSR_I | CPSR_F:
		return "interrupts masked";
	case CPSR_I:
		return "IRQs masked";
	case CPSR_F:
		return "FIQs masked";
	default:
		return "interrupts open";
	}
}

/* The name of the exception whose vector is at @pc, or NULL. */
static const char *vector_name(uint32_t pc, uint32_t base)
{
	static const char *const names[8] = {
		NULL,
		"undefined instruction",
		"supervisor call",
		"prefetch abort",
		"data abort",
		NULL,
		"IRQ",
		"FIQ",
	};

	return pc - base < sizeof(names) / sizeof(names[0]) * 4 ?
		       names[(pc - base) / 4] :
		       NULL;
}

void arch_describe(struct vcpu *vcpu, FILE *out)
{
	uint32_t pc = get(vcpu, VM_REG_GUEST_PC);
	uint32_t cpsr = get(vcpu, VM_REG_GUEST_CPSR);
	uint32_t sctlr = get(vcpu, SCTLR);
	uint32_t base = sctlr & SCTLR_V ? HIGH_VECTORS : get(vcpu, VBAR);
	const char *vector = vector_name(pc, base);

	fprintf(out, "PC 0x%08" PRIx32, pc);
	if (vector)
		fprintf(out,
			" (the vector of the exception \"%s\": it may"
			" have no handler there)",
			vector);
	fprintf(out, ", %s mode%s, MMU %s, %s", mode_name(cpsr),
		cpsr & CPSR_T ? ", Thumb" : "", sctlr & SCTLR_M ? "on" : "off",
		masked(cpsr));
}
