/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The serial port: a PrimeCell UART (PL011), DDI 0183, r1p1 (FIFOs of 16).
 *
 * One thing differs from the data sheet: it sends and receives even if UARTCR
 * has not enabled it, as QEMU's does, because programs written for QEMU never
 * enable it. There is flow control towards the user: input waits outside while
 * the receive FIFO is full, and output stays in the transmit FIFO while nobody
 * takes it. So nothing is lost, and no vCPU waits.
 */
#ifndef BHYVE_UART_PL011_H
#define BHYVE_UART_PL011_H

#include <stdbool.h>
#include <stdint.h>

struct console;
struct machine;
struct vmctx;

/*
 * Puts the machine's serial port on the bus, connected to @cons. 0 or a
 * negative errno.
 */
int pl011_init(struct vmctx *ctx, const struct machine *machine,
	       struct console *cons);

/*
 * Sends what is left in the transmit FIFO. False: nobody takes all of it now.
 */
bool pl011_flush(void);

#endif /* BHYVE_UART_PL011_H */
