/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest leaves that a fault has stopped, where -C asks for it: NAME.core,
 * an ELF core file with its RAM, at guest-physical addresses, and a thread for
 * each vCPU. gdb reads it.
 */
#ifndef BHYVE_CORE_DUMP_H
#define BHYVE_CORE_DUMP_H

#include "lib/vmmapi.h"

/*
 * Makes the file, where it is asked for: in the sandbox there is no way to. It
 * goes at exit unless core_dump() has filled it. Negative errno.
 */
int core_dump_init(const char *name);

/*
 * Stops the vCPUs for good, and fills the file with [@base, @base + @size) and
 * the registers of vCPUs 0 to @ncpus - 1. Once no vCPU thread answers exits any
 * more; says on stderr what it has done. Nothing without core_dump_init()'s file.
 */
void core_dump(struct vmctx *ctx, uint64_t base, uint64_t size,
	       unsigned int ncpus);

#endif /* BHYVE_CORE_DUMP_H */
