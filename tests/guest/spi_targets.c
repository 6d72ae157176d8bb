/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Targets of SPIs (IHI 0048B, GICD_ITARGETSR). Not compared with QEMU's model,
 * which looks at the targets when the interrupt becomes pending, and keeps bits
 * of absent CPUs.
 */
#include "gic.h"
#include "smp.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

#define SPI 42

static volatile uint32_t second_ready, second_iar;

static void retargeted(void)
{
	gic_set_targets(SPI, 0);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq("spi_targets/none", gic_quiet(), SPURIOUS);
	check_eq("spi_targets/none-pending", gicd_bit(GICD_ISPENDR, SPI), 1);
	gic_set_targets(SPI, 1);
	check_eq("spi_targets/set-later", gic_wait(), SPI);
	gic_eoi(SPI);
}

static void absent(void)
{
	gic_set_targets(SPI, 0xff);
	check_eq("spi_targets/absent-raz",
		 read8(GICD_BASE + GICD_ITARGETSR + SPI), 3);
	gic_set_targets(SPI, 1);
}

static void second(uint32_t arg)
{
	(void)arg;
	gic_init();
	second_ready = 1;
	second_iar = gic_wait();
	gic_eoi(second_iar);
}

static void to_second(void)
{
	cpu_start(1, second, 0);
	while (!second_ready)
		;
	gic_set_targets(SPI, 2);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq("spi_targets/not-here", gic_quiet(), SPURIOUS);
	cpu_wait_off(1);
	check_eq("spi_targets/second", second_iar, SPI);
}

static void sleeper(uint32_t arg)
{
	(void)arg;
	gic_init();
	second_iar = SPURIOUS;
	dmb();
	second_ready = 1;
	/* No timeout: only the interrupt ends this. */
	while (second_iar == SPURIOUS) {
		wfi();
		second_iar = gic_ack();
	}
	gic_eoi(second_iar);
}

/*
 * Active on this CPU, given another target and pending again: after its end the
 * other CPU gets it.
 */
static void handed_on(void)
{
	gic_set_targets(SPI, 1);
	gicd_set_bit(GICD_ISPENDR, SPI);
	check_eq("spi_targets/active-here", gic_wait(), SPI);
	second_ready = 0;
	cpu_start(1, sleeper, 0);
	while (!second_ready)
		;
	gic_set_targets(SPI, 2);
	gicd_set_bit(GICD_ISPENDR, SPI);
	delay_us(20000);
	check_eq("spi_targets/not-before-its-end", second_iar, SPURIOUS);
	gic_eoi(SPI);
	check_eq("spi_targets/handed-on-off", (uint32_t)cpu_wait_off(1), 0);
	check_eq("spi_targets/handed-on", second_iar, SPI);
}

int main(void)
{
	gic_init();
	gic_enable(SPI, 0x80);
	retargeted();
	absent();
	to_second();
	handed_on();
	return 0;
}
