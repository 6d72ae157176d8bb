/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The serial port: PrimeCell UART (PL011), DDI 0183, r1p1 (FIFOs of 16).
 *
 * It differs from the data sheet in one thing: it sends and receives whatever
 * UARTCR says, as QEMU's does, because programs written for that never enable
 * it. Towards the user it keeps flow control: input waits outside while the
 * receive FIFO is full, output stays in the transmit FIFO while nobody takes
 * it, so nothing is lost and no vCPU waits.
 */
#ifndef BHYVE_UART_PL011_H
#define BHYVE_UART_PL011_H

#include <stdbool.h>
#include <stdint.h>

struct console;
struct machine;
struct vmctx;

/* Puts the machine's serial port on the bus; 0 or a negative errno. */
int pl011_init(struct vmctx *ctx, const struct machine *machine,
	       struct console *cons);

/* Sends what is left in the transmit FIFO; false: nobody takes all of it now. */
bool pl011_flush(void);

#endif /* BHYVE_UART_PL011_H */
