/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of ARMv7-A registers. */
#include <stddef.h>
#include <stdio.h>
#include <vmm/arm/vmm_regs.h>
#include "lib/reg_names.h"

static const char *const core_names[] = {
	"R0",	    "R1",	"R2",	   "R3",      "R4",	  "R5",
	"R6",	    "R7",	"R8",	   "R9",      "R10",	  "R11",
	"R12",	    "SP_usr",	"LR_usr",  "PC",      "CPSR",	  "SP_svc",
	"LR_svc",   "SPSR_svc", "SP_abt",  "LR_abt",  "SPSR_abt", "SP_und",
	"LR_und",   "SPSR_und", "SP_irq",  "LR_irq",  "SPSR_irq", "R8_fiq",
	"R9_fiq",   "R10_fiq",	"R11_fiq", "R12_fiq", "SP_fiq",	  "LR_fiq",
	"SPSR_fiq",
};

static const char *const vfp_names[] = { "FPSCR", "FPEXC", "FPSID", "MVFR1",
					 "MVFR0" };

static const char *const vcpu_names[] = { "power", "entry", "context",
					  "pending_abort", "workaround_1" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	uint32_t id;
	const char *name;
} cp15_names[] = {
	{ VM_REG_CP15(0, 0, 0, 0), "MIDR" },
	{ VM_REG_CP15(0, 0, 0, 1), "CTR" },
	{ VM_REG_CP15(0, 0, 0, 2), "TCMTR" },
	{ VM_REG_CP15(0, 0, 0, 3), "TLBTR" },
	{ VM_REG_CP15(0, 0, 0, 5), "MPIDR" },
	{ VM_REG_CP15(0, 0, 0, 6), "REVIDR" },
	{ VM_REG_CP15(0, 0, 1, 0), "ID_PFR0" },
	{ VM_REG_CP15(0, 0, 1, 1), "ID_PFR1" },
	{ VM_REG_CP15(0, 0, 1, 2), "ID_DFR0" },
	{ VM_REG_CP15(0, 0, 1, 3), "ID_AFR0" },
	{ VM_REG_CP15(0, 0, 1, 4), "ID_MMFR0" },
	{ VM_REG_CP15(0, 0, 1, 5), "ID_MMFR1" },
	{ VM_REG_CP15(0, 0, 1, 6), "ID_MMFR2" },
	{ VM_REG_CP15(0, 0, 1, 7), "ID_MMFR3" },
	{ VM_REG_CP15(0, 0, 2, 0), "ID_ISAR0" },
	{ VM_REG_CP15(0, 0, 2, 1), "ID_ISAR1" },
	{ VM_REG_CP15(0, 0, 2, 2), "ID_ISAR2" },
	{ VM_REG_CP15(0, 0, 2, 3), "ID_ISAR3" },
	{ VM_REG_CP15(0, 0, 2, 4), "ID_ISAR4" },
	{ VM_REG_CP15(0, 0, 2, 5), "ID_ISAR5" },
	{ VM_REG_CP15(0, 1, 0, 1), "CLIDR" },
	{ VM_REG_CP15(0, 1, 0, 7), "AIDR" },
	{ VM_REG_CP15(0, 2, 0, 0), "CSSELR" },
	{ VM_REG_CP15(1, 0, 0, 0), "SCTLR" },
	{ VM_REG_CP15(1, 0, 0, 1), "ACTLR" },
	{ VM_REG_CP15(1, 0, 0, 2), "CPACR" },
	{ VM_REG_CP15(2, 0, 0, 0), "TTBR0" },
	{ VM_REG_CP15(2, 0, 0, 1), "TTBR1" },
	{ VM_REG_CP15(2, 0, 0, 2), "TTBCR" },
	{ VM_REG_CP15(3, 0, 0, 0), "DACR" },
	{ VM_REG_CP15(5, 0, 0, 0), "DFSR" },
	{ VM_REG_CP15(5, 0, 0, 1), "IFSR" },
	{ VM_REG_CP15(5, 0, 1, 0), "ADFSR" },
	{ VM_REG_CP15(5, 0, 1, 1), "AIFSR" },
	{ VM_REG_CP15(6, 0, 0, 0), "DFAR" },
	{ VM_REG_CP15(6, 0, 0, 2), "IFAR" },
	{ VM_REG_CP15(9, 0, 12, 0), "PMCR" },
	{ VM_REG_CP15(9, 0, 12, 1), "PMCNTENSET" },
	{ VM_REG_CP15(9, 0, 12, 3), "PMOVSR" },
	{ VM_REG_CP15(9, 0, 12, 5), "PMSELR" },
	{ VM_REG_CP15(9, 0, 13, 0), "PMCCNTR" },
	{ VM_REG_CP15(9, 0, 14, 0), "PMUSERENR" },
	{ VM_REG_CP15(9, 0, 14, 1), "PMINTENSET" },
	{ VM_REG_CP15(9, 1, 0, 2), "L2CTLR" },
	{ VM_REG_CP15(10, 0, 2, 0), "PRRR/MAIR0" },
	{ VM_REG_CP15(10, 0, 2, 1), "NMRR/MAIR1" },
	{ VM_REG_CP15(10, 0, 3, 0), "AMAIR0" },
	{ VM_REG_CP15(10, 0, 3, 1), "AMAIR1" },
	{ VM_REG_CP15(12, 0, 0, 0), "VBAR" },
	{ VM_REG_CP15(13, 0, 0, 1), "CONTEXTIDR" },
	{ VM_REG_CP15(13, 0, 0, 2), "TPIDRURW" },
	{ VM_REG_CP15(13, 0, 0, 3), "TPIDRURO" },
	{ VM_REG_CP15(13, 0, 0, 4), "TPIDRPRW" },
	{ VM_REG_CP15(14, 0, 0, 0), "CNTFRQ" },
	{ VM_REG_CP15(14, 0, 1, 0), "CNTKCTL" },
	{ VM_REG_CP15(14, 0, 2, 1), "CNTP_CTL" },
	{ VM_REG_CP15(14, 0, 3, 1), "CNTV_CTL" },
	{ VM_REG_CP15(15, 4, 0, 0), "CBAR" },
	{ VM_REG_CP15_64(0, 2), "TTBR0" },
	{ VM_REG_CP15_64(1, 2), "TTBR1" },
	{ VM_REG_CP15_64(0, 7), "PAR" },
	{ VM_REG_CP15_64(2, 14), "CNTP_CVAL" },
	{ VM_REG_CP15_64(3, 14), "CNTV_CVAL" },
};

static const char *cp15_name(uint32_t id)
{
	for (size_t i = 0; i < COUNT(cp15_names); i++)
		if (cp15_names[i].id == id)
			return cp15_names[i].name;
	return NULL;
}

/* A register without a name is shown by its MRC operands. */
static void name_cp15(uint32_t id, char *name)
{
	const char *known = cp15_name(id);

	if (known)
		snprintf(name, ARCH_REG_NAMELEN, "%s", known);
	else if (VM_REG_CLASS(id) == VM_REG_CLASS_CP15_64)
		snprintf(name, ARCH_REG_NAMELEN, "p15,%u,c%u", id >> 8 & 0xf,
			 id >> 4 & 0xf);
	else
		snprintf(name, ARCH_REG_NAMELEN, "p15,%u,c%u,c%u,%u",
			 id >> 8 & 0xf, id >> 12 & 0xf, id >> 4 & 0xf,
			 id & 0xf);
}

static void name_one_of(const char *const *names, size_t count, uint32_t n,
			uint32_t id, char *name)
{
	if (n < count)
		snprintf(name, ARCH_REG_NAMELEN, "%s", names[n]);
	else
		snprintf(name, ARCH_REG_NAMELEN, "0x%08x", id);
}

void arch_reg_name(uint64_t reg, char name[ARCH_REG_NAMELEN])
{
	uint32_t id = reg, n = id & 0xffffff;

	switch (VM_REG_CLASS(id)) {
	case VM_REG_CLASS_CORE:
		name_one_of(core_names, COUNT(core_names), n, id, name);
		return;
	case VM_REG_CLASS_CP15:
	case VM_REG_CLASS_CP15_64:
		name_cp15(id, name);
		return;
	case VM_REG_CLASS_VFP:
		if (n < 32)
			snprintf(name, ARCH_REG_NAMELEN, "D%u", n);
		else
			name_one_of(vfp_names, COUNT(vfp_names), n - 32, id,
				    name);
		return;
	case VM_REG_CLASS_VCPU:
		name_one_of(vcpu_names, COUNT(vcpu_names), n, id, name);
		return;
	case VM_REG_CLASS_CCSIDR:
		snprintf(name, ARCH_REG_NAMELEN, "CCSIDR_%u", n);
		return;
	}
	snprintf(name, ARCH_REG_NAMELEN, "0x%08x", id);
}
