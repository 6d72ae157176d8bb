/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/cp15_table.h"
#include "core/arm/cpu.h"

#define R   ARM_CP_R
#define W   ARM_CP_W
#define RW  (R | W)
#define RO0 (R | ARM_CP_R0) /* read-only, at PL0 as well */
#define WO0 (W | ARM_CP_W0)
#define RW0 (RW | ARM_CP_R0 | ARM_CP_W0)
#define AL  ARM_CP_ALIAS

#define CP15(crn, op1, crm, op2) VM_REG_CP15(crn, op1, crm, op2)
#define CP64(op1, crm)		 VM_REG_CP15_64(op1, crm)
#define CP14(crn, op1, crm, op2) ARM_REG_CP14(crn, op1, crm, op2)

#define HW(id, name, flags, member, reset)                                 \
	{                                                                  \
		name, id, ARM_CP_HW, flags,                                \
			(uint16_t)offsetof(struct arm_cp15, member), reset \
	}
#define ID(id, name, flags, member)                                  \
	{                                                            \
		name, id, ARM_CP_ID, flags,                          \
			(uint16_t)offsetof(struct arm_id, member), 0 \
	}
#define CONST(id, name, flags, value)                   \
	{                                               \
		name, id, ARM_CP_CONST, flags, 0, value \
	}
#define PMU(id, name, flags, reg)                   \
	{                                           \
		name, id, ARM_CP_PMU, flags, reg, 0 \
	}
#define SPECIAL(id, name, flags, kind)      \
	{                                   \
		name, id, kind, flags, 0, 0 \
	}
#define SETWAY(id, name)       SPECIAL(id, name, W | AL, ARM_CP_SETWAY)
#define MAINT(id, name, flags) SPECIAL(id, name, (flags) | AL, ARM_CP_MAINT)

/*
 * The registers of DDI 0406C's tables of CP15 and CP14. The implementation
 * defined ones are those that Cortex-A7, A12, A15 and A17 share and that guests
 * use.
 */
const struct arm_cp_reg arm_cp_table[] = {
	HW(CP15(0, 0, 0, 0), "MIDR", R, vpidr, 0),
	ID(CP15(0, 0, 0, 1), "CTR", R, ctr),
	ID(CP15(0, 0, 0, 2), "TCMTR", R, tcmtr),
	ID(CP15(0, 0, 0, 3), "TLBTR", R, tlbtr),
	HW(CP15(0, 0, 0, 4), "MIDR", R | AL, vpidr, 0),
	HW(CP15(0, 0, 0, 5), "MPIDR", R, vmpidr, 0),
	ID(CP15(0, 0, 0, 6), "REVIDR", R, revidr),
	HW(CP15(0, 0, 0, 7), "MIDR", R | AL, vpidr, 0),
	ID(CP15(0, 0, 1, 0), "ID_PFR0", R, pfr0),
	ID(CP15(0, 0, 1, 1), "ID_PFR1", R, pfr1),
	ID(CP15(0, 0, 1, 2), "ID_DFR0", R, dfr0),
	ID(CP15(0, 0, 1, 3), "ID_AFR0", R, afr0),
	ID(CP15(0, 0, 1, 4), "ID_MMFR0", R, mmfr0),
	ID(CP15(0, 0, 1, 5), "ID_MMFR1", R, mmfr1),
	ID(CP15(0, 0, 1, 6), "ID_MMFR2", R, mmfr2),
	ID(CP15(0, 0, 1, 7), "ID_MMFR3", R, mmfr3),
	ID(CP15(0, 0, 2, 0), "ID_ISAR0", R, isar0),
	ID(CP15(0, 0, 2, 1), "ID_ISAR1", R, isar1),
	ID(CP15(0, 0, 2, 2), "ID_ISAR2", R, isar2),
	ID(CP15(0, 0, 2, 3), "ID_ISAR3", R, isar3),
	ID(CP15(0, 0, 2, 4), "ID_ISAR4", R, isar4),
	ID(CP15(0, 0, 2, 5), "ID_ISAR5", R, isar5),
	SPECIAL(CP15(0, 1, 0, 0), "CCSIDR", R | AL, ARM_CP_CCSIDR),
	ID(CP15(0, 1, 0, 1), "CLIDR", R, clidr),
	ID(CP15(0, 1, 0, 7), "AIDR", R, aidr),
	HW(CP15(0, 2, 0, 0), "CSSELR", RW, csselr, 0),

	HW(CP15(1, 0, 0, 0), "SCTLR", RW, sctlr, SCTLR_RESET),
	/* SMP always reads as one: the guest must not leave coherency. */
	ID(CP15(1, 0, 0, 1), "ACTLR", RW, actlr),
	HW(CP15(1, 0, 0, 2), "CPACR", RW, cpacr, 0),

	HW(CP15(2, 0, 0, 0), "TTBR0", RW | AL, ttbr0, 0),
	HW(CP15(2, 0, 0, 1), "TTBR1", RW | AL, ttbr1, 0),
	HW(CP15(2, 0, 0, 2), "TTBCR", RW, ttbcr, 0),
	HW(CP15(3, 0, 0, 0), "DACR", RW, dacr, 0),

	HW(CP15(5, 0, 0, 0), "DFSR", RW, dfsr, 0),
	HW(CP15(5, 0, 0, 1), "IFSR", RW, ifsr, 0),
	HW(CP15(5, 0, 1, 0), "ADFSR", RW, adfsr, 0),
	HW(CP15(5, 0, 1, 1), "AIFSR", RW, aifsr, 0),
	HW(CP15(6, 0, 0, 0), "DFAR", RW, dfar, 0),
	HW(CP15(6, 0, 0, 2), "IFAR", RW, ifar, 0),

	MAINT(CP15(7, 0, 1, 0), "ICIALLUIS", W),
	MAINT(CP15(7, 0, 1, 6), "BPIALLIS", W),
	HW(CP15(7, 0, 4, 0), "PAR", RW | AL, par, 0),
	MAINT(CP15(7, 0, 5, 0), "ICIALLU", W),
	MAINT(CP15(7, 0, 5, 1), "ICIMVAU", W),
	MAINT(CP15(7, 0, 5, 4), "CP15ISB", WO0),
	MAINT(CP15(7, 0, 5, 6), "BPIALL", W),
	MAINT(CP15(7, 0, 5, 7), "BPIMVA", W),
	MAINT(CP15(7, 0, 6, 1), "DCIMVAC", W),
	SETWAY(CP15(7, 0, 6, 2), "DCISW"),
	MAINT(CP15(7, 0, 8, 0), "ATS1CPR", W),
	MAINT(CP15(7, 0, 8, 1), "ATS1CPW", W),
	MAINT(CP15(7, 0, 8, 2), "ATS1CUR", W),
	MAINT(CP15(7, 0, 8, 3), "ATS1CUW", W),
	MAINT(CP15(7, 0, 10, 1), "DCCMVAC", W),
	SETWAY(CP15(7, 0, 10, 2), "DCCSW"),
	MAINT(CP15(7, 0, 10, 4), "CP15DSB", WO0),
	MAINT(CP15(7, 0, 10, 5), "CP15DMB", WO0),
	MAINT(CP15(7, 0, 11, 1), "DCCMVAU", W),
	MAINT(CP15(7, 0, 13, 1), "NOP", W),
	MAINT(CP15(7, 0, 14, 1), "DCCIMVAC", W),
	SETWAY(CP15(7, 0, 14, 2), "DCCISW"),

	MAINT(CP15(8, 0, 3, 0), "TLBIALLIS", W),
	MAINT(CP15(8, 0, 3, 1), "TLBIMVAIS", W),
	MAINT(CP15(8, 0, 3, 2), "TLBIASIDIS", W),
	MAINT(CP15(8, 0, 3, 3), "TLBIMVAAIS", W),
	MAINT(CP15(8, 0, 5, 0), "ITLBIALL", W),
	MAINT(CP15(8, 0, 5, 1), "ITLBIMVA", W),
	MAINT(CP15(8, 0, 5, 2), "ITLBIASID", W),
	MAINT(CP15(8, 0, 6, 0), "DTLBIALL", W),
	MAINT(CP15(8, 0, 6, 1), "DTLBIMVA", W),
	MAINT(CP15(8, 0, 6, 2), "DTLBIASID", W),
	MAINT(CP15(8, 0, 7, 0), "TLBIALL", W),
	MAINT(CP15(8, 0, 7, 1), "TLBIMVA", W),
	MAINT(CP15(8, 0, 7, 2), "TLBIASID", W),
	MAINT(CP15(8, 0, 7, 3), "TLBIMVAA", W),

	PMU(CP15(9, 0, 12, 0), "PMCR", RW0, ARM_PMCR),
	PMU(CP15(9, 0, 12, 1), "PMCNTENSET", RW0, ARM_PMCNTENSET),
	PMU(CP15(9, 0, 12, 2), "PMCNTENCLR", RW0 | AL, ARM_PMCNTENCLR),
	PMU(CP15(9, 0, 12, 3), "PMOVSR", RW0, ARM_PMOVSR),
	PMU(CP15(9, 0, 12, 4), "PMSWINC", WO0 | AL, ARM_PMSWINC),
	PMU(CP15(9, 0, 12, 5), "PMSELR", RW0, ARM_PMSELR),
	PMU(CP15(9, 0, 12, 6), "PMCEID0", RO0 | AL, ARM_PMCEID),
	PMU(CP15(9, 0, 12, 7), "PMCEID1", RO0 | AL, ARM_PMCEID),
	PMU(CP15(9, 0, 13, 0), "PMCCNTR", RW0, ARM_PMCCNTR),
	PMU(CP15(9, 0, 13, 1), "PMXEVTYPER", RW0 | AL, ARM_PMXEVTYPER),
	PMU(CP15(9, 0, 13, 2), "PMXEVCNTR", RW0 | AL, ARM_PMXEVCNTR),
	PMU(CP15(9, 0, 14, 0), "PMUSERENR", RW | ARM_CP_R0, ARM_PMUSERENR),
	PMU(CP15(9, 0, 14, 1), "PMINTENSET", RW, ARM_PMINTENSET),
	PMU(CP15(9, 0, 14, 2), "PMINTENCLR", RW | AL, ARM_PMINTENCLR),
	/*
	 * Hardware lets software write it; here it tells the number of vCPUs.
	 */
	{ "L2CTLR", CP15(9, 1, 0, 2), ARM_CP_ID, RW | ARM_CP_OF_VM,
	  (uint16_t)offsetof(struct arm_id, l2ctlr), 0 },
	CONST(CP15(9, 1, 0, 3), "L2ECTLR", RW, 0),

	HW(CP15(10, 0, 2, 0), "PRRR", RW, mair0, 0x00098aa4),
	HW(CP15(10, 0, 2, 1), "NMRR", RW, mair1, 0x44e048e0),
	HW(CP15(10, 0, 3, 0), "AMAIR0", RW, amair0, 0),
	HW(CP15(10, 0, 3, 1), "AMAIR1", RW, amair1, 0),

	HW(CP15(12, 0, 0, 0), "VBAR", RW, vbar, 0),

	/*
	 * RAZ/WI without the Fast Context Switch Extension (DDI 0406C,
	 * FCSEIDR).
	 */
	CONST(CP15(13, 0, 0, 0), "FCSEIDR", RW, 0),
	HW(CP15(13, 0, 0, 1), "CONTEXTIDR", RW, contextidr, 0),
	HW(CP15(13, 0, 0, 2), "TPIDRURW", RW0, tpidrurw, 0),
	HW(CP15(13, 0, 0, 3), "TPIDRURO", RW | ARM_CP_R0, tpidruro, 0),
	HW(CP15(13, 0, 0, 4), "TPIDRPRW", RW, tpidrprw, 0),

	ID(CP15(14, 0, 0, 0), "CNTFRQ", RO0, cntfrq),
	HW(CP15(14, 0, 1, 0), "CNTKCTL", RW, cntkctl, 0),
	SPECIAL(CP15(14, 0, 2, 0), "CNTP_TVAL", RW0 | AL, ARM_CP_CNTP_TVAL),
	SPECIAL(CP15(14, 0, 2, 1), "CNTP_CTL", RW0, ARM_CP_CNTP_CTL),
	HW(CP15(14, 0, 3, 1), "CNTV_CTL", RW0, cntv_ctl, 0),

	/*
	 * Kernels set bits against errata here; the host has set them already.
	 */
	CONST(CP15(15, 0, 0, 1), "DIAGNOSTIC", RW, 0),
	/*
	 * Linux sets a bit here on a Cortex-A12 before it has vectors (erratum
	 * 821420).
	 */
	CONST(CP15(15, 0, 0, 2), "DIAGNOSTIC2", RW, 0),
	CONST(CP15(15, 1, 0, 0), "L2ACTLR", RW, 0),
	CONST(CP15(15, 1, 0, 3), "L2PFR", RW, 0),
	ID(CP15(15, 4, 0, 0), "CBAR", R | ARM_CP_OF_VM, cbar),

	HW(CP64(0, 2), "TTBR0", RW, ttbr0, 0),
	HW(CP64(0, 7), "PAR", RW, par, 0),
	SPECIAL(CP64(0, 14), "CNTPCT", RO0 | AL, ARM_CP_COUNT),
	HW(CP64(1, 2), "TTBR1", RW, ttbr1, 0),
	SPECIAL(CP64(1, 14), "CNTVCT", RO0 | AL, ARM_CP_COUNT),
	SPECIAL(CP64(2, 14), "CNTP_CVAL", RW0, ARM_CP_CNTP_CVAL),
	HW(CP64(3, 14), "CNTV_CVAL", RW0, cntv_cval, 0),

	/*
	 * Debug: DBGDIDR and DBGDSCRint say that there is none. What an OS
	 * writes before it looks is RAZ/WI, and so are the one breakpoint and
	 * the one watchpoint that a DBGDIDR of 0 implies: FreeBSD's debugger
	 * clears them on QEMU's ARMv7 CPUs, which show it the real ID_DFR0.
	 */
	CONST(CP14(0, 0, 0, 0), "DBGDIDR", RO0, 0),
	CONST(CP14(0, 0, 0, 2), "DBGDTRRXext", RW, 0),
	CONST(CP14(0, 0, 0, 4), "DBGBVR0", RW, 0),
	CONST(CP14(0, 0, 0, 5), "DBGBCR0", RW, 0),
	CONST(CP14(0, 0, 0, 6), "DBGWVR0", RW, 0),
	CONST(CP14(0, 0, 0, 7), "DBGWCR0", RW, 0),
	CONST(CP14(0, 0, 1, 0), "DBGDSCRint", RO0, 0),
	CONST(CP14(0, 0, 2, 2), "DBGDSCRext", RW, 0),
	CONST(CP14(0, 0, 3, 2), "DBGDTRTXext", RW, 0),
	CONST(CP14(0, 0, 5, 0), "DBGDTRXint", RW0, 0),
	CONST(CP14(0, 0, 6, 0), "DBGWFAR", RW, 0),
	CONST(CP14(0, 0, 7, 0), "DBGVCR", RW, 0),
	/*
	 * ID_PFR0 says that there is no ThumbEE. QEMU's ARMv7 CPUs ignore
	 * HCR.TID3 and show the guest the real ID_PFR0; then Linux accesses
	 * these two.
	 */
	CONST(CP14(0, 6, 0, 0), "TEECR", RW, 0),
	/* The trivial Jazelle implementation is RAZ/WI. */
	CONST(CP14(0, 7, 0, 0), "JIDR", R, 0),
	CONST(CP14(1, 0, 0, 0), "DBGDRAR", RO0, 0),
	CONST(CP14(1, 0, 0, 4), "DBGOSLAR", W, 0),
	CONST(CP14(1, 0, 1, 4), "DBGOSLSR", R, 0),
	CONST(CP14(1, 0, 3, 4), "DBGOSDLR", RW, 0),
	CONST(CP14(1, 0, 4, 4), "DBGPRCR", RW, 0),
	CONST(CP14(1, 0, 5, 4), "DBGPRSR", R, 1), /* PU: powered up */
	CONST(CP14(1, 6, 0, 0), "TEEHBR", RW0, 0),
	CONST(CP14(1, 7, 0, 0), "JOSCR", RW, 0),
	CONST(CP14(2, 0, 0, 0), "DBGDSAR", RO0, 0),
	CONST(CP14(2, 7, 0, 0), "JMCR", RW, 0),
	CONST(CP14(7, 0, 0, 7), "DBGDEVID2", R, 0),
	CONST(CP14(7, 0, 1, 7), "DBGDEVID1", R, 0),
	CONST(CP14(7, 0, 2, 7), "DBGDEVID", R, 0),
	CONST(CP14(7, 0, 8, 6), "DBGCLAIMSET", RW, 0),
	CONST(CP14(7, 0, 9, 6), "DBGCLAIMCLR", RW, 0),
	CONST(CP14(7, 0, 14, 6), "DBGAUTHSTATUS", R, 0),
	CONST(ARM_REG_CP14_64(0, 1), "DBGDRAR", RO0, 0),
	CONST(ARM_REG_CP14_64(0, 2), "DBGDSAR", RO0, 0),

	ID(ARM_REG_CP10(0), "FPSID", R | AL, fpsid),
	ID(ARM_REG_CP10(6), "MVFR1", R | AL, mvfr1),
	ID(ARM_REG_CP10(7), "MVFR0", R | AL, mvfr0),
};

const unsigned int arm_cp_table_size =
	sizeof(arm_cp_table) / sizeof(arm_cp_table[0]);

/* The other ID registers of the CPUID scheme are reserved and read as zero. */
static const struct arm_cp_reg reserved_id = CONST(0, "reserved ID", R, 0);

static bool cp15_table_is_reserved_id(uint32_t id)
{
	return id >= CP15(0, 0, 2, 6) && id <= CP15(0, 0, 7, 7) &&
	       (id & 0xf) <= 7;
}

const struct arm_cp_reg *arm_cp_lookup(uint32_t id)
{
	unsigned int lo = 0;
	unsigned int hi = arm_cp_table_size;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (arm_cp_table[mid].id == id)
			return &arm_cp_table[mid];
		if (arm_cp_table[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return cp15_table_is_reserved_id(id) ? &reserved_id : NULL;
}
