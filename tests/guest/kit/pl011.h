/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef KIT_PL011_H
#define KIT_PL011_H

#define PL011_BASE  0x09000000u
#define PL011_INTID 33 /* SPI 1 */

void pl011_put(char c);
int pl011_get(void); /* -1: no input */

#endif
