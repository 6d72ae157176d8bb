/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core's identification, and CP15 and CP14 operations that a hypervisor may
 * trap. Values are those of the Cortex-A15 (DDI 0438) or A7 (DDI 0464),
 * whichever this is, or follow from DDI 0406C.
 */
#include "cache.h"
#include "exception.h"
#include "mmu.h"
#include "print.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"

#define CHECK_ID(name, o1, n, m, o2, want) \
	check_eq("cp15/" name, READ_CP15(o1, n, m, o2), want)

/*
 * Cortex-A15 TRM's values. Fields that a virtual machine hides (security,
 * virtualization, ThumbEE, SMC) are not checked: only silicon hides them,
 * because QEMU's ARMv7 CPUs ignore HCR.TID3.
 */
static void identification(void)
{
	uint32_t part = READ_CP15(0, c0, c0, 0) & 0xff00fff0;
	bool a7 = part == 0x4100c070;

	check_eq("cp15/midr-implementer-part", part,
		 a7 ? 0x4100c070 : 0x4100c0f0);
	check_eq("cp15/mpidr-format", READ_CP15(0, c0, c0, 5) >> 31, 1);
	check_eq("cp15/mpidr-cpu-0", READ_CP15(0, c0, c0, 5) & 0xffffff, 0);
	CHECK_ID("tcmtr", 0, c0, c0, 2, 0);
	check_eq("cp15/ctr-format", READ_CP15(0, c0, c0, 1) >> 29, 4);
	check_eq("cp15/id-pfr0", READ_CP15(0, c0, c1, 0) & 0xff, 0x31);
	check_eq("cp15/id-pfr1-timer", READ_CP15(0, c0, c1, 1) >> 16 & 15, 1);
	CHECK_ID("id-mmfr0", 0, c0, c1, 4, a7 ? 0x10101105 : 0x10201105);
	CHECK_ID("id-mmfr1", 0, c0, c1, 5, a7 ? 0x40000000 : 0x20000000);
	CHECK_ID("id-mmfr2", 0, c0, c1, 6, 0x01240000);
	CHECK_ID("id-mmfr3", 0, c0, c1, 7, 0x02102211);
	CHECK_ID("id-isar0", 0, c0, c2, 0, 0x02101110);
	CHECK_ID("id-isar1", 0, c0, c2, 1, 0x13112111);
	CHECK_ID("id-isar2", 0, c0, c2, 2, 0x21232041);
	check_eq("cp15/id-isar3", READ_CP15(0, c0, c2, 3) & 0x0fffffff,
		 0x01112131);
	check_eq("cp15/id-isar4", READ_CP15(0, c0, c2, 4) & ~0xf000u,
		 0x10010142);
	CHECK_ID("id-isar5", 0, c0, c2, 5, 0);
	CHECK_ID("clidr", 1, c0, c0, 1, 0x0a200023);
}

static void cache_sizes(void)
{
	static const struct {
		uint32_t csselr, ccsidr;
	} caches[] = { { 0, 0x701fe00a }, { 1, 0x201fe00a } };
	uint32_t i;

	for (i = 0; i < 2; i++) {
		WRITE_CP15(2, c0, c0, 0, caches[i].csselr);
		isb();
		check_eq("cp15/csselr", READ_CP15(2, c0, c0, 0),
			 caches[i].csselr);
		check_eq("cp15/ccsidr", READ_CP15(1, c0, c0, 0),
			 caches[i].ccsidr);
	}
}

/* Operations that only have to exist: none may be UNDEFINED. */
#define ALLOWED(name, ...)                                           \
	check_eq("cp15/" name, TRAP(&trap, WRITE_CP15(__VA_ARGS__)), \
		 VECTOR_NONE)

static void maintenance(void)
{
	struct trap trap;

	ALLOWED("iciallu", 0, c7, c5, 0, 0);
	ALLOWED("icialluis", 0, c7, c1, 0, 0);
	ALLOWED("icimvau", 0, c7, c5, 1, 0x40010000);
	ALLOWED("bpiall", 0, c7, c5, 6, 0);
	ALLOWED("bpiallis", 0, c7, c1, 6, 0);
	ALLOWED("bpimva", 0, c7, c5, 7, 0x40010000);
	ALLOWED("dcimvac", 0, c7, c6, 1, 0x41000000);
	ALLOWED("dccmvac", 0, c7, c10, 1, 0x41000000);
	ALLOWED("dccmvau", 0, c7, c11, 1, 0x41000000);
	ALLOWED("dccimvac", 0, c7, c14, 1, 0x41000000);
	ALLOWED("dccsw", 0, c7, c10, 2, 0);
	ALLOWED("dccisw", 0, c7, c14, 2, 0);
	ALLOWED("dcisw", 0, c7, c6, 2, 0);
	ALLOWED("tlbiall", 0, c8, c7, 0, 0);
	ALLOWED("tlbimva", 0, c8, c7, 1, 0);
	ALLOWED("tlbiasid", 0, c8, c7, 2, 0);
	ALLOWED("tlbimvaa", 0, c8, c7, 3, 0);
	ALLOWED("tlbiallis", 0, c8, c3, 0, 0);
	ALLOWED("tlbimvais", 0, c8, c3, 1, 0);
	ALLOWED("itlbiall", 0, c8, c5, 0, 0);
	ALLOWED("dtlbiall", 0, c8, c6, 0, 0);
	ALLOWED("cp15isb", 0, c7, c5, 4, 0);
	ALLOWED("cp15dsb", 0, c7, c10, 4, 0);
	ALLOWED("cp15dmb", 0, c7, c10, 5, 0);
}

/* ACTLR exists; set/way operations; L2CTLR has the machine's number of CPUs. */
static void implementation(void)
{
	struct trap trap;
	uint32_t actlr = READ_CP15(0, c1, c0, 1);

	check_eq("cp15/actlr-write",
		 TRAP(&trap, WRITE_CP15(0, c1, c0, 1, actlr)), VECTOR_NONE);
	check_eq("cp15/l2ctlr-cpus", READ_CP15(1, c9, c0, 2) >> 24 & 3,
		 cpu_count() - 1);
}

#define DENIED_TO_USER(name, statement)   \
	static int user_##name(void *arg) \
	{                                 \
		(void)arg;                \
		statement;                \
		return 0;                 \
	}
DENIED_TO_USER(sctlr, (void)READ_SCTLR())
DENIED_TO_USER(actlr, (void)READ_CP15(0, c1, c0, 1))
DENIED_TO_USER(ttbr, WRITE_CP15(0, c2, c0, 0, 0))
DENIED_TO_USER(tpidrprw, (void)READ_CP15(0, c13, c0, 4))
DENIED_TO_USER(tpidruro, WRITE_CP15(0, c13, c0, 3, 0))
DENIED_TO_USER(setway, WRITE_CP15(0, c7, c14, 2, 0))
DENIED_TO_USER(cntv, (void)READ_CP15(0, c14, c3, 1))
DENIED_TO_USER(pmcr, (void)READ_CP15(0, c9, c12, 0))
DENIED_TO_USER(cntp, WRITE_CP15_64(2, c14, 0))
DENIED_TO_USER(hvc, asm volatile(".inst 0xe1400070" ::: "r0"))

#define DENIED(name)                                                        \
	check_eq("cp15/user-" #name, TRAP(&trap, run_user(user_##name, 0)), \
		 VECTOR_UNDEF)

static void user_access(void)
{
	struct trap trap;

	WRITE_CP15(0, c14, c1, 0, 0); /* CNTKCTL */
	WRITE_CP15(0, c9, c14, 0, 0); /* PMUSERENR */
	DENIED(sctlr);
	DENIED(actlr);
	DENIED(ttbr);
	DENIED(tpidrprw);
	DENIED(tpidruro);
	DENIED(setway);
	DENIED(cntv);
	DENIED(pmcr);
	DENIED(cntp);
	DENIED(hvc);
}

static int user_tls(void *arg)
{
	(void)arg;
	WRITE_CP15(0, c13, c0, 2, 0x1234567);
	return (int)(READ_CP15(0, c13, c0, 2) + READ_CP15(0, c13, c0, 3));
}

static void user_allowed(void)
{
	WRITE_CP15(0, c13, c0, 3, 0x1000000);
	check_eq("cp15/user-tls", (uint32_t)run_user(user_tls, 0), 0x2234567);
}

/* CP14: debug identification, trivial Jazelle, ThumbEE as in ID_PFR0. */
static void cp14(void)
{
	struct trap trap;

	check_eq("cp15/dbgdidr", TRAP(&trap, READ_CP(p14, 0, c0, c0, 0)),
		 VECTOR_NONE);
	check_eq("cp15/dbgdsar", TRAP(&trap, READ_CP(p14, 0, c2, c0, 0)),
		 VECTOR_NONE);
	check_eq("cp15/jidr", READ_CP(p14, 7, c0, c0, 0), 0);
	check_eq("cp15/jmcr", READ_CP(p14, 7, c2, c0, 0), 0);
	check_eq("cp15/oslsr", TRAP(&trap, READ_CP(p14, 0, c1, c1, 4)),
		 VECTOR_NONE);
}

int main(void)
{
	identification();
	cache_sizes();
	maintenance();
	implementation();
	user_access();
	user_allowed();
	cp14();
	return 0;
}
