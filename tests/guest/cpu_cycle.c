/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CPU that goes off in the middle of its work comes back as from a reset: its
 * GIC CPU interface, its timers, its CP15 registers. Not compared with QEMU,
 * whose PSCI leaves GIC and timers of a CPU as they are.
 */
#include "exception.h"
#include "gic.h"
#include "psci.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define SGI    3
#define SPI    42
#define ROUNDS 1000

/* The state that the second CPU finds when it starts. */
static volatile struct found {
	uint32_t gicc_ctlr, gicc_pmr, gicc_bpr, gicc_rpr, cntv_ctl, cntp_ctl;
	uint32_t cntkctl, contextidr, tpidrurw, pmcnten, pmuserenr, cpacr;
} found;
static volatile uint32_t runs, bad;

static void look(void)
{
	found.gicc_ctlr = gicc_read(GICC_CTLR);
	found.gicc_pmr = gicc_read(GICC_PMR);
	found.gicc_bpr = gicc_read(GICC_BPR);
	found.gicc_rpr = gicc_read(GICC_RPR);
	found.cntv_ctl = vtimer_ctl() & CTL_ENABLE;
	found.cntp_ctl = ptimer_ctl() & CTL_ENABLE;
	found.cntkctl = READ_CP15(0, c14, c1, 0);
	found.contextidr = READ_CP15(0, c13, c0, 1);
	found.tpidrurw = READ_CP15(0, c13, c0, 2);
	found.pmcnten = READ_CP15(0, c9, c12, 1);
	found.pmuserenr = READ_CP15(0, c9, c14, 0);
	found.cpacr = READ_CP15(0, c1, c0, 2);
}

/* Goes off with one interrupt active, one pending, and all registers in use. */
static void disorder(void)
{
	gic_init();
	gic_enable(SGI, 0x40);
	gic_enable(VTIMER_INTID, 0x80);
	gicc_write(GICC_BPR, 4);
	gic_send_sgi(SGI, 2);
	bad += (gic_wait() & IAR_INTID) != SGI;
	vtimer_set(counter());
	ptimer_set(physical_counter() + timer_hz());
	WRITE_CP15(0, c14, c1, 0, 3);
	WRITE_CP15(0, c13, c0, 1, 0x123);
	WRITE_CP15(0, c13, c0, 2, 0x456);
	WRITE_CP15(0, c9, c12, 1, 1u << 31);
	WRITE_CP15(0, c9, c14, 0, 1);
	WRITE_CP15(0, c1, c0, 2, 0xf << 20);
}

static void second(uint32_t arg)
{
	(void)arg;
	look();
	disorder();
	runs++;
}

/* A timer or an SGI that was left active does not prevent a new one. */
static void works(uint32_t arg)
{
	(void)arg;
	gic_init();
	gic_enable(VTIMER_INTID, 0x80);
	vtimer_set(counter() + timer_hz() / 2000);
	bad += gic_wait() != VTIMER_INTID;
	vtimer_stop();
	gic_eoi(VTIMER_INTID);
	gic_send_sgi(SGI, 2);
	bad += (gic_wait() & IAR_INTID) != SGI;
	gic_eoi(SGI | 1u << 10);
	runs++;
}

static void cycle(cpu_main_t *fn)
{
	bad += cpu_start(1, fn, 0) != PSCI_SUCCESS;
	bad += cpu_wait_off(1) != 0;
}

static void fresh(void)
{
	cycle(second);
	cycle(second);
	check_eq("cpu_cycle/ran", runs, 2);
	check_eq("cpu_cycle/gicc-ctlr", found.gicc_ctlr, 0);
	check_eq("cpu_cycle/gicc-pmr", found.gicc_pmr, 0);
	check_eq("cpu_cycle/gicc-bpr", found.gicc_bpr, 2);
	check_eq("cpu_cycle/nothing-running", found.gicc_rpr, 0xff);
	check_eq("cpu_cycle/vtimer-off", found.cntv_ctl, 0);
	check_eq("cpu_cycle/ptimer-off", found.cntp_ctl, 0);
	check_eq("cpu_cycle/cntkctl", found.cntkctl, 0);
	check_eq("cpu_cycle/contextidr", found.contextidr, 0);
	check_eq("cpu_cycle/tpidrurw", found.tpidrurw, 0);
	check_eq("cpu_cycle/pmcntenset", found.pmcnten, 0);
	check_eq("cpu_cycle/pmuserenr", found.pmuserenr, 0);
	check_eq("cpu_cycle/cpacr", found.cpacr, 0);
}

static void thousand(void)
{
	uint32_t i;

	runs = 0;
	for (i = 0; i < ROUNDS / 2; i++) {
		cycle(second);
		cycle(works);
	}
	check_eq("cpu_cycle/1000-times", runs, ROUNDS);
	check_eq("cpu_cycle/none-bad", bad, 0);
}

/*
 * An interrupt that it has not taken goes to another target when it goes off.
 */
static void takes_nothing(uint32_t arg)
{
	(void)arg;
	gicc_write(GICC_PMR, 0xff);
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE);
	gic_set_targets(SPI, 2);
	gicd_set_bit(GICD_ISPENDR, SPI);
	while (!gicd_bit(GICD_ISPENDR, SPI))
		;
	gic_set_targets(SPI, 3);
	gicc_read(GICC_HPPIR);
}

static void left_over(void)
{
	gic_enable(SPI, 0x80);
	/* This CPU does not take the interrupt while the other one has it. */
	gicc_write(GICC_CTLR, 0);
	cpu_start(1, takes_nothing, 0);
	cpu_wait_off(1);
	gicc_write(GICC_CTLR, GICC_CTLR_ENABLE);
	check_eq("cpu_cycle/spi-of-the-one-gone", gic_wait(), SPI);
	gic_eoi(SPI);
}

int main(void)
{
	gic_init();
	fresh();
	left_over();
	thousand();
	return 0;
}
