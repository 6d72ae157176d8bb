/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The performance monitors that an operating system uses without checking: the
 * cycle counter, and event counters only up to PMCR.N (DDI 0406C, Performance
 * Monitors).
 */
#include "exception.h"
#include "exits.h"
#include "sysreg.h"
#include "test.h"

#define PMCR_E	  (1u << 0)
#define PMCR_P	  (1u << 1)
#define PMCR_C	  (1u << 2)
#define PMCR_N(v) ((v) >> 11 & 31)
/* the cycle counter's bit in PMCNTENSET and similar registers */
#define CYCLES (1u << 31)

static void cycles(void)
{
	uint32_t before, after;

	WRITE_CP15(0, c9, c12, 0, PMCR_E | PMCR_C);
	WRITE_CP15(0, c9, c12, 1, CYCLES); /* PMCNTENSET */
	isb();
	before = READ_CP15(0, c9, c13, 0); /* PMCCNTR */
	exit_often(20);
	after = READ_CP15(0, c9, c13, 0);
	check("pmu/cycles-count", after - before > 100);
	WRITE_CP15(0, c9, c12, 2, CYCLES); /* PMCNTENCLR */
	isb();
	before = READ_CP15(0, c9, c13, 0);
	exit_often(20);
	check_eq("pmu/cycles-stop", READ_CP15(0, c9, c13, 0), before);
	WRITE_CP15(0, c9, c13, 0, 0x12345678);
	isb();
	check_eq("pmu/cycles-written", READ_CP15(0, c9, c13, 0), 0x12345678);
	WRITE_CP15(0, c9, c12, 0, PMCR_C);
	isb();
	check_eq("pmu/cycles-reset", READ_CP15(0, c9, c13, 0), 0);
}

static void bits(void)
{
	WRITE_CP15(0, c9, c12, 1, CYCLES);
	check_eq("pmu/enset", READ_CP15(0, c9, c12, 1) & CYCLES, CYCLES);
	check_eq("pmu/enclr", READ_CP15(0, c9, c12, 2) & CYCLES, CYCLES);
	WRITE_CP15(0, c9, c12, 2, CYCLES);
	check_eq("pmu/enset-cleared", READ_CP15(0, c9, c12, 1), 0);
	WRITE_CP15(0, c9, c14, 1, CYCLES); /* PMINTENSET */
	check_eq("pmu/intenset", READ_CP15(0, c9, c14, 1) & CYCLES, CYCLES);
	WRITE_CP15(0, c9, c14, 2, CYCLES); /* PMINTENCLR */
	check_eq("pmu/intenclr", READ_CP15(0, c9, c14, 1), 0);
	WRITE_CP15(0, c9, c12, 3, CYCLES); /* PMOVSR */
	check_eq("pmu/ovsr", READ_CP15(0, c9, c12, 3), 0);
	WRITE_CP15(0, c9, c14, 0, 1); /* PMUSERENR */
	check_eq("pmu/userenr", READ_CP15(0, c9, c14, 0), 1);
	WRITE_CP15(0, c9, c14, 0, 0);
	WRITE_CP15(0, c9, c12, 5, 31); /* PMSELR */
	check_eq("pmu/selr", READ_CP15(0, c9, c12, 5), 31);
}

static int user_cycles(void *arg)
{
	(void)arg;
	return (int)READ_CP15(0, c9, c13, 0); /* PMCCNTR */
}

/* PMUSERENR.EN lets User mode in: DDI 0406C, PMUSERENR. */
static void user(void)
{
	struct trap trap;

	WRITE_CP15(0, c9, c14, 0, 0);
	check_eq("pmu/user-denied", TRAP(&trap, run_user(user_cycles, 0)),
		 VECTOR_UNDEF);
	WRITE_CP15(0, c9, c14, 0, 1);
	check_eq("pmu/user-allowed", TRAP(&trap, run_user(user_cycles, 0)),
		 VECTOR_NONE);
	WRITE_CP15(0, c9, c14, 0, 0);
}

/* Bits of counters beyond PMCR.N are RAZ/WI. */
static void absent_counters(void)
{
	uint32_t n = PMCR_N(READ_CP15(0, c9, c12, 0));

	WRITE_CP15(0, c9, c12, 1, ~0u);
	check_eq("pmu/absent-counters", READ_CP15(0, c9, c12, 1) & ~CYCLES,
		 (1u << n) - 1);
	WRITE_CP15(0, c9, c12, 2, ~0u);
}

int main(void)
{
	bits();
	absent_counters();
	user();
	cycles();
	return 0;
}
