/* SPDX-License-Identifier: BSD-2-Clause */
/* CPU_ON and CPU_OFF, repeatedly: context id, state at entry, Thumb. */
#include "cache.h"
#include "psci.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define CONTEXT 0xc0ffee01u

/* What a CPU finds at its entry; it stores this with its caches off. */
volatile uint32_t seen[4];

/* Stores r0, CPSR, SCTLR and a mark in seen[], and calls CPU_OFF. */
asm(".syntax unified\n"
    ".macro report\n"
    "	ldr	r5, =seen\n"
    "	str	r0, [r5]\n"
    "	mrs	r1, cpsr\n"
    "	str	r1, [r5, #4]\n"
    "	mrc	p15, 0, r1, c1, c0, 0\n"
    "	str	r1, [r5, #8]\n"
    "	mov	r1, #1\n"
    "	str	r1, [r5, #12]\n"
    "	dsb\n"
    "	ldr	r0, =0x84000002\n"
    "	hvc	#0\n"
    "	b	.\n"
    "	.ltorg\n"
    ".endm\n"
    ".arch_extension virt\n"
    "	.arm\n"
    "	.type arm_entry, %function\n"
    "arm_entry:\n"
    "	report\n"
    "	.thumb\n"
    "	.thumb_func\n"
    "	.type thumb_entry, %function\n"
    "thumb_entry:\n"
    "	mov	r4, pc\n"
    "	report\n"
    "	.arm\n");
extern char arm_entry[], thumb_entry[];

static int wait_seen(void)
{
	uint64_t end = deadline();

	while (!seen[3] || psci(PSCI_AFFINITY_INFO, 1, 0, 0) != AFFINITY_OFF)
		if (counter() > end)
			return -1;
	return 0;
}

static void start(uint32_t entry)
{
	uint32_t i;

	for (i = 0; i < 4; i++)
		seen[i] = 0;
	dsb();
	check_eq("psci_on/on", (uint32_t)psci(PSCI_CPU_ON, 1, entry, CONTEXT),
		 PSCI_SUCCESS);
	check_eq("psci_on/off", (uint32_t)wait_seen(), 0);
	check_eq("psci_on/ran", seen[3], 1);
	check_eq("psci_on/context-id", seen[0], CONTEXT);
	check_eq("psci_on/mode", seen[1] & CPSR_MODE, 0x13);
	check_eq("psci_on/masked", seen[1] & (CPSR_A | CPSR_I | CPSR_F),
		 CPSR_A | CPSR_I | CPSR_F);
	check_eq("psci_on/little-endian", seen[1] & CPSR_E, 0);
	check_eq("psci_on/mmu-off", seen[2] & (SCTLR_M | SCTLR_C), 0);
}

static volatile uint32_t count;

static void counting(uint32_t arg)
{
	count += arg;
	dmb();
}

static void again(void)
{
	uint32_t i, bad = 0;

	for (i = 0; i < 1000; i++) {
		bad += cpu_start(1, counting, 1) != PSCI_SUCCESS;
		bad += cpu_wait_off(1) != 0;
	}
	check_eq("psci_on/1000-times", bad, 0);
	check_eq("psci_on/1000-ran", count, 1000);
}

static volatile uint32_t stay = 1, stays;

static void staying(uint32_t arg)
{
	(void)arg;
	stays = 1;
	while (stay)
		;
}

static void already_on(void)
{
	check_eq("psci_on/staying", (uint32_t)cpu_start(1, staying, 0), 0);
	while (!stays)
		;
	check_eq("psci_on/affinity-on",
		 (uint32_t)psci(PSCI_AFFINITY_INFO, 1, 0, 0), AFFINITY_ON);
	check_eq("psci_on/already-on",
		 (uint32_t)psci(PSCI_CPU_ON, 1, (uint32_t)arm_entry, 0),
		 (uint32_t)PSCI_ALREADY_ON);
	stay = 0;
	check_eq("psci_on/goes-off", (uint32_t)cpu_wait_off(1), 0);
}

int main(void)
{
	start((uint32_t)arm_entry);
	start((uint32_t)thumb_entry | 1);
	again();
	already_on();
	return 0;
}
