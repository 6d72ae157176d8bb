/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD's bvm_console, bhyve's own console (-b). It has one register: a
 * 16-bit read returns its signature 0x6276 ("bv"), a 32-bit read the next byte
 * of input or -1, and a 32-bit write sends a byte. The guest polls; there is no
 * interrupt.
 */
#ifndef BHYVE_BVMCONS_H
#define BHYVE_BVMCONS_H

struct console;
struct machine;

/*
 * Puts it on the bus, on a console that the serial port may share: from the
 * guest's first 32-bit read on, all input comes here. 0 or a negative errno.
 */
int bvmcons_init(const struct machine *machine, struct console *cons);

#endif /* BHYVE_BVMCONS_H */
