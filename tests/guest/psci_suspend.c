/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU_SUSPEND to power-down and SYSTEM_SUSPEND (DEN 0022): an interrupt resets
 * the CPU to the entry point. QEMU's PSCI has only standby.
 */
#include "exception.h"
#include "gic.h"
#include "mmu.h"
#include "psci.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define POWERDOWN 0x00010000u
#define SGI	  5

/*
 * The state before power-down: callee-saved registers, SP, and where to
 * continue.
 */
struct wake {
	uint32_t r4_r11[8];
	uint32_t sp, lr;
	uint32_t r0, cpsr, sctlr, vbar; /* at the entry point */
};

int32_t suspend(struct wake *wake, uint32_t function, uint32_t state,
		uint32_t entry);
extern char woken[], woken_thumb[];

/* Returns PSCI's result, or 1 after the CPU was down and has come back. */
asm(".syntax unified\n"
    ".arch_extension virt\n"
    "	.arm\n"
    "	.type suspend, %function\n"
    "suspend:\n"
    "	stm	r0, {r4-r11, sp, lr}\n"
    "	mov	r4, r0\n"
    "	ldr	r12, =0x8400000e\n" /* SYSTEM_SUSPEND has no power_state */
    "	cmp	r1, r12\n"
    "	mov	r0, r1\n"
    "	movne	r1, r2\n"
    "	movne	r2, r3\n"
    "	movne	r3, r4\n"
    "	moveq	r1, r3\n"
    "	moveq	r2, r4\n"
    "	hvc	#0\n"
    "	ldm	r4, {r4-r11, sp, pc}\n"
    "	.ltorg\n"
    "	.type woken, %function\n"
    "woken:\n"
    "	add	r1, r0, #40\n"
    "	mrs	r2, cpsr\n"
    "	mrc	p15, 0, r3, c1, c0, 0\n"
    "	mrc	p15, 0, r4, c12, c0, 0\n"
    "	stm	r1, {r0, r2-r4}\n"
    "	mov	r4, r0\n"
    "	bl	set_vectors\n"
    "	mov	r0, #1\n"
    "	ldm	r4, {r4-r11, sp, pc}\n"
    "	.thumb\n"
    "	.thumb_func\n"
    "	.type woken_thumb, %function\n"
    "woken_thumb:\n"
    "	mrs	r2, cpsr\n"
    "	adr	r1, 1f\n"
    "	bx	r1\n"
    "	.balign	4\n"
    "	.arm\n"
    "1:	b	woken\n");

static struct wake wake;

static void found(const char *name)
{
	check_eq(name, wake.r0, (uint32_t)&wake);
	check_eq("psci_suspend/mode", wake.cpsr & CPSR_MODE, 0x13);
	check_eq("psci_suspend/masked", wake.cpsr & (CPSR_A | CPSR_I | CPSR_F),
		 CPSR_A | CPSR_I | CPSR_F);
	check_eq("psci_suspend/mmu-off", wake.sctlr & (SCTLR_M | SCTLR_C), 0);
	check_eq("psci_suspend/vbar", wake.vbar, 0);
	check_eq("psci_suspend/gicc-reset", gicc_read(GICC_CTLR), 0);
	wake = (struct wake){ .r0 = 0 };
}

static void down(const char *name, uint32_t function, uint32_t entry)
{
	uint64_t when = counter() + timer_hz() / 100;

	gic_enable(VTIMER_INTID, 0x80);
	vtimer_set(when);
	check_eq(name, (uint32_t)suspend(&wake, function, POWERDOWN, entry), 1);
	check("psci_suspend/not-before-its-time", counter() >= when);
	/* The timer has run on, and its interrupt is still pending. */
	check_eq("psci_suspend/timer-kept",
		 vtimer_ctl() & (CTL_ENABLE | CTL_ISTATUS),
		 CTL_ENABLE | CTL_ISTATUS);
	found("psci_suspend/context-id");
	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	check_eq("psci_suspend/interrupt-kept", gic_wait(), VTIMER_INTID);
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
}

static void by_ptimer(void)
{
	gic_enable(PTIMER_INTID, 0x80);
	ptimer_set(physical_counter() + timer_hz() / 100);
	check_eq("psci_suspend/ptimer",
		 (uint32_t)suspend(&wake, PSCI_CPU_SUSPEND, POWERDOWN,
				   (uint32_t)woken),
		 1);
	gic_init();
	gic_enable(PTIMER_INTID, 0x80);
	check_eq("psci_suspend/ptimer-kept", gic_wait(), PTIMER_INTID);
	ptimer_stop();
	gic_eoi(PTIMER_INTID);
}

static void refused(void)
{
	check_eq("psci_suspend/bad-address",
		 (uint32_t)suspend(&wake, PSCI_CPU_SUSPEND, POWERDOWN,
				   0x09000000),
		 (uint32_t)PSCI_INVALID_ADDRESS);
	check_eq("psci_suspend/system-bad-address",
		 (uint32_t)suspend(&wake, PSCI_SYSTEM_SUSPEND, 0, 0x3fffffff),
		 (uint32_t)PSCI_INVALID_ADDRESS);
	check_eq("psci_suspend/bad-state",
		 (uint32_t)suspend(&wake, PSCI_CPU_SUSPEND,
				   POWERDOWN | 1u << 17, (uint32_t)woken),
		 (uint32_t)PSCI_INVALID_PARAMETERS);
	check_eq("psci_suspend/bad-level",
		 (uint32_t)suspend(&wake, PSCI_CPU_SUSPEND,
				   POWERDOWN | 3u << 24, (uint32_t)woken),
		 (uint32_t)PSCI_INVALID_PARAMETERS);
}

static struct wake second_wake;
static volatile uint32_t second_up, second_woken;

static void second(uint32_t arg)
{
	(void)arg;
	gic_init();
	second_up = 1;
	second_woken = (uint32_t)suspend(&second_wake, PSCI_CPU_SUSPEND,
					 POWERDOWN, (uint32_t)woken);
	gic_init();
}

/* To other CPUs a suspended CPU is on; an SGI wakes it. */
static void of_another(void)
{
	cpu_start(1, second, 0);
	while (!second_up)
		;
	delay_us(20000);
	check_eq("psci_suspend/affinity",
		 (uint32_t)psci(PSCI_AFFINITY_INFO, 1, 0, 0), AFFINITY_ON);
	check_eq("psci_suspend/on-already",
		 (uint32_t)psci(PSCI_CPU_ON, 1, (uint32_t)woken, 0),
		 (uint32_t)PSCI_ALREADY_ON);
	check_eq("psci_suspend/system-denied",
		 (uint32_t)psci(PSCI_SYSTEM_SUSPEND, (uint32_t)woken, 0, 0),
		 (uint32_t)PSCI_DENIED);
	check_eq("psci_suspend/sleeps", second_woken, 0);
	gic_send_sgi(SGI, 2);
	check_eq("psci_suspend/second-ends", (uint32_t)cpu_wait_off(1), 0);
	check_eq("psci_suspend/second-woken", second_woken, 1);
	check_eq("psci_suspend/second-context", second_wake.r0,
		 (uint32_t)&second_wake);
}

int main(void)
{
	gic_init();
	refused();
	down("psci_suspend/cpu", PSCI_CPU_SUSPEND, (uint32_t)woken);
	down("psci_suspend/cpu-thumb", PSCI_CPU_SUSPEND,
	     (uint32_t)woken_thumb | 1);
	down("psci_suspend/system", PSCI_SYSTEM_SUSPEND, (uint32_t)woken);
	by_ptimer();
	of_another();
	return 0;
}
