/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The coprocessor registers that a guest has, as DDI 0406C lists them, with the
 * operands of MRC or MRRC, and the implementation defined ones of the
 * Cortex-A15 TRM. Rights: PL1 r and w, PL0 R and W.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/arm/cp15_table.h"

static const struct {
	const char *operands;
	const char *name;
	const char *rights;
	uint32_t reset;
} regs[] = {
	{ "p15, 0, c0, c0, 0", "MIDR", "r---", 0 },
	{ "p15, 0, c0, c0, 1", "CTR", "r---", 0 },
	{ "p15, 0, c0, c0, 2", "TCMTR", "r---", 0 },
	{ "p15, 0, c0, c0, 3", "TLBTR", "r---", 0 },
	{ "p15, 0, c0, c0, 4", "MIDR", "r---", 0 },
	{ "p15, 0, c0, c0, 5", "MPIDR", "r---", 0 },
	{ "p15, 0, c0, c0, 6", "REVIDR", "r---", 0 },
	{ "p15, 0, c0, c0, 7", "MIDR", "r---", 0 },
	{ "p15, 0, c0, c1, 0", "ID_PFR0", "r---", 0 },
	{ "p15, 0, c0, c1, 1", "ID_PFR1", "r---", 0 },
	{ "p15, 0, c0, c1, 2", "ID_DFR0", "r---", 0 },
	{ "p15, 0, c0, c1, 3", "ID_AFR0", "r---", 0 },
	{ "p15, 0, c0, c1, 4", "ID_MMFR0", "r---", 0 },
	{ "p15, 0, c0, c1, 5", "ID_MMFR1", "r---", 0 },
	{ "p15, 0, c0, c1, 6", "ID_MMFR2", "r---", 0 },
	{ "p15, 0, c0, c1, 7", "ID_MMFR3", "r---", 0 },
	{ "p15, 0, c0, c2, 0", "ID_ISAR0", "r---", 0 },
	{ "p15, 0, c0, c2, 1", "ID_ISAR1", "r---", 0 },
	{ "p15, 0, c0, c2, 2", "ID_ISAR2", "r---", 0 },
	{ "p15, 0, c0, c2, 3", "ID_ISAR3", "r---", 0 },
	{ "p15, 0, c0, c2, 4", "ID_ISAR4", "r---", 0 },
	{ "p15, 0, c0, c2, 5", "ID_ISAR5", "r---", 0 },
	{ "p15, 1, c0, c0, 0", "CCSIDR", "r---", 0 },
	{ "p15, 1, c0, c0, 1", "CLIDR", "r---", 0 },
	{ "p15, 1, c0, c0, 7", "AIDR", "r---", 0 },
	{ "p15, 2, c0, c0, 0", "CSSELR", "rw--", 0 },
	{ "p15, 0, c1, c0, 0", "SCTLR", "rw--", 0x00c50078 },
	{ "p15, 0, c1, c0, 1", "ACTLR", "rw--", 0 },
	{ "p15, 0, c1, c0, 2", "CPACR", "rw--", 0 },
	{ "p15, 0, c2, c0, 0", "TTBR0", "rw--", 0 },
	{ "p15, 0, c2, c0, 1", "TTBR1", "rw--", 0 },
	{ "p15, 0, c2, c0, 2", "TTBCR", "rw--", 0 },
	{ "p15, 0, c3, c0, 0", "DACR", "rw--", 0 },
	{ "p15, 0, c5, c0, 0", "DFSR", "rw--", 0 },
	{ "p15, 0, c5, c0, 1", "IFSR", "rw--", 0 },
	{ "p15, 0, c5, c1, 0", "ADFSR", "rw--", 0 },
	{ "p15, 0, c5, c1, 1", "AIFSR", "rw--", 0 },
	{ "p15, 0, c6, c0, 0", "DFAR", "rw--", 0 },
	{ "p15, 0, c6, c0, 2", "IFAR", "rw--", 0 },
	{ "p15, 0, c7, c1, 0", "ICIALLUIS", "-w--", 0 },
	{ "p15, 0, c7, c1, 6", "BPIALLIS", "-w--", 0 },
	{ "p15, 0, c7, c4, 0", "PAR", "rw--", 0 },
	{ "p15, 0, c7, c5, 0", "ICIALLU", "-w--", 0 },
	{ "p15, 0, c7, c5, 1", "ICIMVAU", "-w--", 0 },
	{ "p15, 0, c7, c5, 4", "CP15ISB", "-w-W", 0 },
	{ "p15, 0, c7, c5, 6", "BPIALL", "-w--", 0 },
	{ "p15, 0, c7, c5, 7", "BPIMVA", "-w--", 0 },
	{ "p15, 0, c7, c6, 1", "DCIMVAC", "-w--", 0 },
	{ "p15, 0, c7, c6, 2", "DCISW", "-w--", 0 },
	{ "p15, 0, c7, c8, 0", "ATS1CPR", "-w--", 0 },
	{ "p15, 0, c7, c8, 1", "ATS1CPW", "-w--", 0 },
	{ "p15, 0, c7, c8, 2", "ATS1CUR", "-w--", 0 },
	{ "p15, 0, c7, c8, 3", "ATS1CUW", "-w--", 0 },
	{ "p15, 0, c7, c10, 1", "DCCMVAC", "-w--", 0 },
	{ "p15, 0, c7, c10, 2", "DCCSW", "-w--", 0 },
	{ "p15, 0, c7, c10, 4", "CP15DSB", "-w-W", 0 },
	{ "p15, 0, c7, c10, 5", "CP15DMB", "-w-W", 0 },
	{ "p15, 0, c7, c11, 1", "DCCMVAU", "-w--", 0 },
	{ "p15, 0, c7, c13, 1", "NOP", "-w--", 0 },
	{ "p15, 0, c7, c14, 1", "DCCIMVAC", "-w--", 0 },
	{ "p15, 0, c7, c14, 2", "DCCISW", "-w--", 0 },
	{ "p15, 0, c8, c3, 0", "TLBIALLIS", "-w--", 0 },
	{ "p15, 0, c8, c3, 1", "TLBIMVAIS", "-w--", 0 },
	{ "p15, 0, c8, c3, 2", "TLBIASIDIS", "-w--", 0 },
	{ "p15, 0, c8, c3, 3", "TLBIMVAAIS", "-w--", 0 },
	{ "p15, 0, c8, c5, 0", "ITLBIALL", "-w--", 0 },
	{ "p15, 0, c8, c5, 1", "ITLBIMVA", "-w--", 0 },
	{ "p15, 0, c8, c5, 2", "ITLBIASID", "-w--", 0 },
	{ "p15, 0, c8, c6, 0", "DTLBIALL", "-w--", 0 },
	{ "p15, 0, c8, c6, 1", "DTLBIMVA", "-w--", 0 },
	{ "p15, 0, c8, c6, 2", "DTLBIASID", "-w--", 0 },
	{ "p15, 0, c8, c7, 0", "TLBIALL", "-w--", 0 },
	{ "p15, 0, c8, c7, 1", "TLBIMVA", "-w--", 0 },
	{ "p15, 0, c8, c7, 2", "TLBIASID", "-w--", 0 },
	{ "p15, 0, c8, c7, 3", "TLBIMVAA", "-w--", 0 },
	{ "p15, 0, c9, c12, 0", "PMCR", "rwRW", 0 },
	{ "p15, 0, c9, c12, 1", "PMCNTENSET", "rwRW", 0 },
	{ "p15, 0, c9, c12, 2", "PMCNTENCLR", "rwRW", 0 },
	{ "p15, 0, c9, c12, 3", "PMOVSR", "rwRW", 0 },
	{ "p15, 0, c9, c12, 4", "PMSWINC", "-w-W", 0 },
	{ "p15, 0, c9, c12, 5", "PMSELR", "rwRW", 0 },
	{ "p15, 0, c9, c12, 6", "PMCEID0", "r-R-", 0 },
	{ "p15, 0, c9, c12, 7", "PMCEID1", "r-R-", 0 },
	{ "p15, 0, c9, c13, 0", "PMCCNTR", "rwRW", 0 },
	{ "p15, 0, c9, c13, 1", "PMXEVTYPER", "rwRW", 0 },
	{ "p15, 0, c9, c13, 2", "PMXEVCNTR", "rwRW", 0 },
	{ "p15, 0, c9, c14, 0", "PMUSERENR", "rwR-", 0 },
	{ "p15, 0, c9, c14, 1", "PMINTENSET", "rw--", 0 },
	{ "p15, 0, c9, c14, 2", "PMINTENCLR", "rw--", 0 },
	{ "p15, 1, c9, c0, 3", "L2ECTLR", "rw--", 0 },
	{ "p15, 0, c10, c2, 0", "PRRR", "rw--", 0x00098aa4 },
	{ "p15, 0, c10, c2, 1", "NMRR", "rw--", 0x44e048e0 },
	{ "p15, 0, c10, c3, 0", "AMAIR0", "rw--", 0 },
	{ "p15, 0, c10, c3, 1", "AMAIR1", "rw--", 0 },
	{ "p15, 0, c12, c0, 0", "VBAR", "rw--", 0 },
	{ "p15, 0, c13, c0, 0", "FCSEIDR", "rw--", 0 },
	{ "p15, 0, c13, c0, 1", "CONTEXTIDR", "rw--", 0 },
	{ "p15, 0, c13, c0, 2", "TPIDRURW", "rwRW", 0 },
	{ "p15, 0, c13, c0, 3", "TPIDRURO", "rwR-", 0 },
	{ "p15, 0, c13, c0, 4", "TPIDRPRW", "rw--", 0 },
	{ "p15, 0, c14, c0, 0", "CNTFRQ", "r-R-", 0 },
	{ "p15, 0, c14, c1, 0", "CNTKCTL", "rw--", 0 },
	{ "p15, 0, c14, c2, 0", "CNTP_TVAL", "rwRW", 0 },
	{ "p15, 0, c14, c2, 1", "CNTP_CTL", "rwRW", 0 },
	{ "p15, 0, c14, c3, 1", "CNTV_CTL", "rwRW", 0 },
	{ "p15, 0, c15, c0, 1", "DIAGNOSTIC", "rw--", 0 },
	{ "p15, 0, c15, c0, 2", "DIAGNOSTIC2", "rw--", 0 },
	{ "p15, 1, c15, c0, 0", "L2ACTLR", "rw--", 0 },
	{ "p15, 1, c15, c0, 3", "L2PFR", "rw--", 0 },
	{ "p15, 4, c15, c0, 0", "CBAR", "r---", 0 },
	{ "p15, 0, c2", "TTBR0", "rw--", 0 },
	{ "p15, 0, c7", "PAR", "rw--", 0 },
	{ "p15, 0, c14", "CNTPCT", "r-R-", 0 },
	{ "p15, 1, c2", "TTBR1", "rw--", 0 },
	{ "p15, 1, c14", "CNTVCT", "r-R-", 0 },
	{ "p15, 2, c14", "CNTP_CVAL", "rwRW", 0 },
	{ "p15, 3, c14", "CNTV_CVAL", "rwRW", 0 },
	{ "p14, 0, c0, c0, 0", "DBGDIDR", "r-R-", 0 },
	{ "p14, 0, c0, c0, 2", "DBGDTRRXext", "rw--", 0 },
	{ "p14, 0, c0, c0, 4", "DBGBVR0", "rw--", 0 },
	{ "p14, 0, c0, c0, 5", "DBGBCR0", "rw--", 0 },
	{ "p14, 0, c0, c0, 6", "DBGWVR0", "rw--", 0 },
	{ "p14, 0, c0, c0, 7", "DBGWCR0", "rw--", 0 },
	{ "p14, 0, c0, c1, 0", "DBGDSCRint", "r-R-", 0 },
	{ "p14, 0, c0, c2, 2", "DBGDSCRext", "rw--", 0 },
	{ "p14, 0, c0, c3, 2", "DBGDTRTXext", "rw--", 0 },
	{ "p14, 0, c0, c5, 0", "DBGDTRXint", "rwRW", 0 },
	{ "p14, 0, c0, c6, 0", "DBGWFAR", "rw--", 0 },
	{ "p14, 0, c0, c7, 0", "DBGVCR", "rw--", 0 },
	{ "p14, 6, c0, c0, 0", "TEECR", "rw--", 0 },
	{ "p14, 7, c0, c0, 0", "JIDR", "r---", 0 },
	{ "p14, 0, c1, c0, 0", "DBGDRAR", "r-R-", 0 },
	{ "p14, 0, c1, c0, 4", "DBGOSLAR", "-w--", 0 },
	{ "p14, 0, c1, c1, 4", "DBGOSLSR", "r---", 0 },
	{ "p14, 0, c1, c3, 4", "DBGOSDLR", "rw--", 0 },
	{ "p14, 0, c1, c4, 4", "DBGPRCR", "rw--", 0 },
	{ "p14, 0, c1, c5, 4", "DBGPRSR", "r---", 1 },
	{ "p14, 6, c1, c0, 0", "TEEHBR", "rwRW", 0 },
	{ "p14, 7, c1, c0, 0", "JOSCR", "rw--", 0 },
	{ "p14, 0, c2, c0, 0", "DBGDSAR", "r-R-", 0 },
	{ "p14, 7, c2, c0, 0", "JMCR", "rw--", 0 },
	{ "p14, 0, c7, c0, 7", "DBGDEVID2", "r---", 0 },
	{ "p14, 0, c7, c1, 7", "DBGDEVID1", "r---", 0 },
	{ "p14, 0, c7, c2, 7", "DBGDEVID", "r---", 0 },
	{ "p14, 0, c7, c8, 6", "DBGCLAIMSET", "rw--", 0 },
	{ "p14, 0, c7, c9, 6", "DBGCLAIMCLR", "rw--", 0 },
	{ "p14, 0, c7, c14, 6", "DBGAUTHSTATUS", "r---", 0 },
	{ "p14, 0, c1", "DBGDRAR", "r-R-", 0 },
	{ "p14, 0, c2", "DBGDSAR", "r-R-", 0 },
	{ "p10, 7, c0, c0, 0", "FPSID", "r---", 0 },
	{ "p10, 7, c6, c0, 0", "MVFR1", "r---", 0 },
	{ "p10, 7, c7, c0, 0", "MVFR0", "r---", 0 },
	{ "p15, 1, c9, c0, 2", "L2CTLR", "rw--", 0 },
};

#define NR_REGS (sizeof(regs) / sizeof(regs[0]))

static uint32_t id_of_64(unsigned int cp, unsigned int opc1, unsigned int crm)
{
	return cp == 15 ? VM_REG_CP15_64(opc1, crm) :
			  ARM_REG_CP14_64(opc1, crm);
}

static uint32_t id_of(const char *operands)
{
	unsigned int cp, opc1, crn, crm, opc2;

	if (sscanf(operands, "p%u, %u, c%u, c%u, %u", &cp, &opc1, &crn, &crm,
		   &opc2) < 5) {
		sscanf(operands, "p%u, %u, c%u", &cp, &opc1, &crm);
		return id_of_64(cp, opc1, crm);
	}
	if (cp == 10)
		return ARM_REG_CP10(crn);
	return cp == 15 ? VM_REG_CP15(crn, opc1, crm, opc2) :
			  ARM_REG_CP14(crn, opc1, crm, opc2);
}

static void rights_of(const struct arm_cp_reg *reg, char rights[5])
{
	rights[0] = reg->flags & ARM_CP_R ? 'r' : '-';
	rights[1] = reg->flags & ARM_CP_W ? 'w' : '-';
	rights[2] = reg->flags & ARM_CP_R0 ? 'R' : '-';
	rights[3] = reg->flags & ARM_CP_W0 ? 'W' : '-';
	rights[4] = 0;
}

static void every_register(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < NR_REGS; i++) {
		const struct arm_cp_reg *reg =
			arm_cp_lookup(id_of(regs[i].operands));
		char rights[5];

		if (!reg)
			fail_msg("no %s", regs[i].name);
		rights_of(reg, rights);
		assert_string_equal(reg->name, regs[i].name);
		if (strcmp(rights, regs[i].rights))
			fail_msg("%s: %s", regs[i].name, rights);
		if (reg->reset != regs[i].reset)
			fail_msg("%s: %x at reset", regs[i].name, reg->reset);
	}
}

static void no_other_register(void **state)
{
	(void)state;
	assert_int_equal(arm_cp_table_size, NR_REGS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_register),
		cmocka_unit_test(no_other_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
