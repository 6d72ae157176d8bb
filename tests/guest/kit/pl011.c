/* SPDX-License-Identifier: BSD-2-Clause */
#include "pl011.h"
#include "io.h"

/* Registers of the PL011 (Arm DDI 0183) */
#define UARTDR	0x00
#define UARTFR	0x18
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)

void pl011_put(char c)
{
	while (read32(PL011_BASE + UARTFR) & FR_TXFF)
		;
	write32(PL011_BASE + UARTDR, (uint8_t)c);
}

int pl011_get(void)
{
	if (read32(PL011_BASE + UARTFR) & FR_RXFE)
		return -1;
	return read32(PL011_BASE + UARTDR) & 0xff;
}
