/* SPDX-License-Identifier: BSD-2-Clause */
/* What an exit costs, with the MMU off and nothing else running. */
#include "bench.h"
#include "gic.h"
#include "psci.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

asm(".arch_extension virt");

#define FAR 0x00ffffffffffffffull
#define SPI 40

static void calls(void)
{
	BENCH("empty", "nop", 0, 0, 0, 0);
	BENCH("hvc-unknown", "mov r0, r4\n\thvc #0", 0x8400ffff, 0, 0, 0);
	BENCH("psci-version", "mov r0, r4\n\thvc #0", PSCI_VERSION, 0, 0, 0);
	BENCH("workaround-1", "mov r0, r4\n\thvc #0", SMCCC_ARCH_WORKAROUND_1,
	      0, 0, 0);
}

static void registers(void)
{
	BENCH("cp15-actlr", "mrc p15, 0, r0, c1, c0, 1", 0, 0, 0, 0);
	BENCH("cntpct", "mrrc p15, 0, r0, r1, c14", 0, 0, 0, 0);
	ptimer_set(FAR);
	BENCH("cntp-cval", "mcrr p15, 2, r4, r5, c14", (uint32_t)FAR,
	      (uint32_t)(FAR >> 32), 0, 0);
	ptimer_stop();
}

static void distributor(void)
{
	gic_enable(SPI, 0x80);
	BENCH("gicd-typer", "ldr r0, [r4, #4]", GICD_BASE, 0, 0, 0);
	BENCH("gicd-isenabler", "str r5, [r4]", GICD_BASE + GICD_ISENABLER + 4,
	      1u << SPI % 32, 0, 0);
	BENCH("gicd-ipriorityr", "strb r5, [r4]",
	      GICD_BASE + GICD_IPRIORITYR + SPI, 0x80, 0, 0);
	gic_disable(SPI);
}

/* Sends an SGI, polls GICC_IAR until it is there, and ends it. */
static void sgi(void)
{
	gic_enable(1, 0x80);
	BENCH("sgi-self",
	      "str r6, [r5]\n"
	      "2:\tldr r0, [r4, #12]\n\tcmp r0, r7\n\tbeq 2b\n\t"
	      "str r0, [r4, #16]",
	      GICC_BASE, GICD_BASE + GICD_SGIR, 2u << 24 | 1, SPURIOUS);
}

static void devices(void)
{
	BENCH("mmio-read", "ldr r0, [r4]", GPIOAFSEL, 0, 0, 0);
	BENCH("mmio-write", "str r5, [r4]", GPIOAFSEL, 0, 0, 0);
}

int main(void)
{
	gic_init();
	calls();
	registers();
	distributor();
	sgi();
	bench_expiries();
	devices();
	return 0;
}
