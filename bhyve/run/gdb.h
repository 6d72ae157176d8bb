/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * -G: a stub for gdb's remote protocol, on a TCP port or a UNIX socket. Until a
 * debugger is there it does nothing: the guest runs as without it.
 */
#ifndef BHYVE_GDB_H
#define BHYVE_GDB_H

#include <stdbool.h>

struct vmctx;

/*
 * -G's argument, [w][address:]port or [w]path, as configuration keys. -EINVAL:
 * it is neither.
 */
int gdb_parse_option(const char *text);

/* Whether it is a number from 1 to 65535. */
bool gdb_is_port(const char *text);

/*
 * Listens where gdb.port and gdb.address, or gdb.socket, say, and with gdb.wait
 * keeps vCPUs 0 to @ncpus - 1 from running until a debugger lets them; nothing
 * without these keys. After vcpus_init(), before the sandbox; says what is wrong
 * and exits, or gives a negative errno.
 */
int gdb_init(struct vmctx *ctx, unsigned int ncpus);

/* Tells the debugger that the VM has ended with exit status @status. */
void gdb_end(int status);

#endif /* BHYVE_GDB_H */
