/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial port: identification, input ('q' is typed), its interrupt. */
#include "pl011.h"
#include "gic.h"
#include "io.h"
#include "sysreg.h"
#include "test.h"
#include "timer.h"

/* Registers of the PL011 (Arm DDI 0183) */
#define UARTLCR_H 0x2c
#define UARTCR	  0x30
#define UARTIMSC  0x38
#define UARTRIS	  0x3c
#define UARTMIS	  0x40
#define INT_RX	  (1u << 4)
#define INT_RT	  (1u << 6)

static void identification(void)
{
	static const uint8_t cell[] = { 0x0d, 0xf0, 0x05, 0xb1 };
	uint32_t i;

	check_eq("pl011/part-0", read32(PL011_BASE + 0xfe0), 0x11);
	check_eq("pl011/part-1", read32(PL011_BASE + 0xfe4), 0x10);
	for (i = 0; i < 4; i++)
		check_eq("pl011/primecell", read32(PL011_BASE + 0xff0 + 4 * i),
			 cell[i]);
}

static void input(void)
{
	uint32_t iar;

	write32(PL011_BASE + UARTLCR_H, 0x60); /* 8 bits, no FIFO */
	write32(PL011_BASE + UARTCR, 0x301);
	gic_enable(PL011_INTID, 0x80);
	write32(PL011_BASE + UARTIMSC, INT_RX | INT_RT);
	iar = gic_wait();
	check_eq("pl011/input-interrupt", iar, PL011_INTID);
	check("pl011/masked-status",
	      read32(PL011_BASE + UARTMIS) & (INT_RX | INT_RT));
	check_eq("pl011/input", (uint32_t)pl011_get(), 'q');
	check_eq("pl011/read-clears", read32(PL011_BASE + UARTRIS) & INT_RX, 0);
	gic_eoi(iar);
	write32(PL011_BASE + UARTIMSC, 0);
	check_eq("pl011/no-more", (uint32_t)pl011_get(), ~0u);
}

int main(void)
{
	gic_init();
	identification();
	input();
	return 0;
}
