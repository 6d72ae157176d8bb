/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The core file of a guest that a fault has ended, with option -C: NAME.core,
 * an ELF core file with its RAM, at guest-physical addresses, and a thread for
 * each vCPU. gdb reads it.
 */
#ifndef BHYVE_CORE_DUMP_H
#define BHYVE_CORE_DUMP_H

#include "lib/vmmapi.h"

/*
 * Makes the file, if -C is given, because the sandbox allows no file to be made
 * later. It is removed at exit unless core_dump() has filled it. 0 or a
 * negative errno.
 */
int core_dump_init(const char *name);

/*
 * Stops the vCPUs for good, and writes RAM [@base, @base + @size) and the
 * registers of vCPUs 0 to @ncpus - 1 to the file; prints what it has done. When
 * no vCPU thread answers exits any more. Does nothing without the file of
 * core_dump_init().
 */
void core_dump(struct vmctx *ctx, uint64_t base, uint64_t size,
	       unsigned int ncpus);

#endif /* BHYVE_CORE_DUMP_H */
