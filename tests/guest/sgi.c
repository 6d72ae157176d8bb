/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SGIs: sources, targets, pending bits (IHI 0048B, GICD_SGIR, GICD_CPENDSGIR,
 * GICD_SPENDSGIR).
 */
#include "exception.h"
#include "gic.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define TO_SELF	  (2u << 24)
#define TO_OTHERS (1u << 24)

static volatile uint32_t second_iar, second_others, second_go;

static void to_self(void)
{
	uint32_t iar;

	gic_enable(3, 0x80);
	gicd_write(GICD_SGIR, TO_SELF | 3);
	iar = gic_wait();
	check_eq("sgi/to-self", iar, 3);
	check_eq("sgi/active", gicd_bit(GICD_ISACTIVER, 3), 1);
	check_eq("sgi/not-pending", gicd_bit(GICD_ISPENDR, 3), 0);
	check_eq("sgi/no-second", gic_ack(), SPURIOUS);
	gic_eoi(iar);
	check_eq("sgi/inactive", gicd_bit(GICD_ISACTIVER, 3), 0);
	gicd_write(GICD_SGIR, TO_OTHERS | 3);
	check_eq("sgi/to-others-not-self", gic_quiet(), SPURIOUS);
}

/*
 * Whether an SGI can be disabled is implementation defined, so it is masked by
 * priority.
 */
static void masked(void)
{
	gicc_write(GICC_PMR, 0);
	gicd_write(GICD_SGIR, TO_SELF | 3);
	check_eq("sgi/masked-not-taken", gic_quiet(), SPURIOUS);
	check_eq("sgi/masked-pending", gicd_bit(GICD_ISPENDR, 3), 1);
	check_eq("sgi/source", read8(GICD_BASE + GICD_SPENDSGIR + 3), 1);
	write8(GICD_BASE + GICD_CPENDSGIR + 3, 1);
	check_eq("sgi/cleared", gicd_bit(GICD_ISPENDR, 3), 0);
	write8(GICD_BASE + GICD_SPENDSGIR + 3, 2);
	gicc_write(GICC_PMR, 0xff);
	/* Bits 12:10 of IAR are the source CPU. */
	check_eq("sgi/set-pending-with-source", gic_wait(), 1u << 10 | 3);
	gic_eoi(1u << 10 | 3);
}

/* GICD_ISPENDR cannot make an SGI pending. */
static void no_ispendr(void)
{
	gicd_set_bit(GICD_ISPENDR, 3);
	check_eq("sgi/ispendr-ignored", gic_quiet(), SPURIOUS);
}

static void second(uint32_t arg)
{
	(void)arg;
	gic_init();
	gic_enable(4, 0x80);
	gic_enable(5, 0x80);
	second_go = 1;
	dmb();
	second_iar = gic_wait();
	gic_eoi(second_iar);
	gic_send_sgi(5, 1);
	second_others = gic_wait();
	gic_eoi(second_others);
	dsb();
	gicd_write(GICD_SGIR, TO_OTHERS | 5);
}

static void between(void)
{
	uint32_t iar;

	gic_enable(5, 0x80);
	check_eq("sgi/start-second", (uint32_t)cpu_start(1, second, 0), 0);
	while (!second_go)
		;
	gic_send_sgi(4, 2);
	iar = gic_wait();
	check_eq("sgi/from-second", iar, 1u << 10 | 5);
	gic_eoi(iar);
	check_eq("sgi/to-second", second_iar, 4);
	gicd_write(GICD_SGIR, TO_OTHERS | 4);
	iar = gic_wait();
	check_eq("sgi/from-others", iar, 1u << 10 | 5);
	gic_eoi(iar);
	check_eq("sgi/to-others", second_others, 4);
	check_eq("sgi/second-off", (uint32_t)cpu_wait_off(1), 0);
}

int main(void)
{
	gic_init();
	to_self();
	masked();
	no_ispendr();
	between();
	return 0;
}
