/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests the kit: entry state, exceptions, User mode, MMU, a second CPU. */
#include "exception.h"
#include "mmu.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"

static volatile uint32_t shared;

static void entry_state(void)
{
	check_eq("kit/entry-mode", boot_regs[3] & CPSR_MODE, 0x13);
	check_eq("kit/entry-irqs-masked", boot_regs[3] & (CPSR_I | CPSR_F),
		 CPSR_I | CPSR_F);
	check_eq("kit/entry-mmu-off", boot_regs[4] & (SCTLR_M | SCTLR_C), 0);
}

static void traps(void)
{
	struct trap trap;

	check_eq("kit/undefined", TRAP(&trap, asm volatile("udf #1")),
		 VECTOR_UNDEF);
	check_eq("kit/undefined-spsr", trap.spsr & CPSR_MODE, 0x13);
	check_eq("kit/svc",
		 TRAP(&trap, asm volatile("svc #1" ::
						  : "lr")),
		 VECTOR_SVC);
	check_eq("kit/no-trap", TRAP(&trap, asm volatile("nop")), VECTOR_NONE);
}

static int user_cpsr(void *arg)
{
	(void)arg;
	return (int)read_cpsr();
}

static int user_privileged(void *arg)
{
	(void)arg;
	return (int)READ_SCTLR();
}

static void user_mode(void)
{
	struct trap trap;

	check_eq("kit/user-mode", (uint32_t)run_user(user_cpsr, 0) & CPSR_MODE,
		 0x10);
	check_eq("kit/user-no-cp15", TRAP(&trap, run_user(user_privileged, 0)),
		 VECTOR_UNDEF);
	check_eq("kit/user-trap-spsr", trap.spsr & CPSR_MODE, 0x10);
	check_eq("kit/back-in-svc", read_cpsr() & CPSR_MODE, 0x13);
}

static void translation_fault(const char *name, uint32_t status, uint32_t mask)
{
	struct trap trap;

	check_eq(name, TRAP(&trap, (void)*(volatile uint32_t *)0xc0000004),
		 VECTOR_DABT);
	check_eq("kit/fault-address", trap.dfar, 0xc0000004);
	check_eq("kit/fault-status", trap.dfsr & mask, status);
}

static void second_main(uint32_t arg)
{
	shared = arg + (READ_SCTLR() & SCTLR_M);
	dmb();
}

static void second_cpu(void)
{
	check_eq("kit/cpus", cpu_count(), 2);
	check_eq("kit/cpu-start", (uint32_t)cpu_start(1, second_main, 0x1234),
		 0);
	check_eq("kit/cpu-off", (uint32_t)cpu_wait_off(1), 0);
	check_eq("kit/cpu-shared", shared, 0x1235);
}

int main(void)
{
	entry_state();
	traps();
	user_mode();
	mmu_on_short();
	/* Section translation fault, short descriptors */
	translation_fault("kit/fault-short", 0x5, 0x40f);
	second_cpu();
	mmu_off();
	mmu_on_long();
	/* Translation fault at level 1, long descriptors */
	translation_fault("kit/fault-long", 0x205, 0x23f);
	second_cpu();
	return 0;
}
