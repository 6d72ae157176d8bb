/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * -G: a stub for gdb's remote protocol, on a TCP port or a UNIX socket. Until a
 * debugger connects, the guest runs as without it.
 */
#ifndef BHYVE_GDB_H
#define BHYVE_GDB_H

#include <stdbool.h>

struct vmctx;

/*
 * Turns -G's argument, [w][address:]port or [w]path, into configuration keys.
 * 0; -EINVAL: it is neither.
 */
int gdb_parse_option(const char *text);

/* Whether the text is a number from 1 to 65535. */
bool gdb_is_port(const char *text);

/*
 * Listens where gdb.port and gdb.address, or gdb.socket, say; with gdb.wait it
 * holds vCPUs 0 to @ncpus - 1 until a debugger continues them. Does nothing
 * without these keys. After vcpus_init(), before the sandbox. 0 or a negative
 * errno; if a key is wrong, prints that and exits.
 */
int gdb_init(struct vmctx *ctx, unsigned int ncpus);

/* Tells the debugger that the VM has ended with exit status @status. */
void gdb_end(int status);

#endif /* BHYVE_GDB_H */
