/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FreeBSD's bvm_console, the hypervisor's own console (-b), one register: a
 * 16-bit read gives its signature 0x6276 ("bv"), a 32-bit read the next typed
 * byte or -1, a 32-bit write sends a byte. The guest polls; there is no
 * interrupt.
 */
#ifndef BHYVE_BVMCONS_H
#define BHYVE_BVMCONS_H

struct console;
struct machine;

/*
 * Puts it on the bus, on a console the serial port may share: from the
 * guest's first 32-bit read of it on, input comes here alone. 0 or a negative
 * errno.
 */
int bvmcons_init(const struct machine *machine, struct console *cons);

#endif /* BHYVE_BVMCONS_H */
