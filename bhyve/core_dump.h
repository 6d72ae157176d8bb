/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's memory and registers as a file. A core file is an ELF file with a
 * thread for each vCPU, with memory at the virtual addresses that the first vCPU's
 * translation tables give it, and then all RAM once more at its guest-physical
 * addresses; gdb reads it. The memory itself is in the file once.
 */
#ifndef BHYVE_CORE_DUMP_H
#define BHYVE_CORE_DUMP_H

#include "lib/vmmapi.h"

/*
 * Remembers which guest the functions below are about: its RAM is [@base, @base +
 * @size), its vCPUs are 0 to @ncpus - 1. Where -C asks for it, makes NAME.core,
 * since in the sandbox there is no way to; the file goes at exit unless core_dump()
 * has filled it. Negative errno.
 */
int core_dump_init(const char *name, struct vmctx *ctx, uint64_t base,
		   uint64_t size, unsigned int ncpus);

/*
 * Fills NAME.core after a fault, and stops the vCPUs for good. Once no vCPU thread
 * answers exits any more; says on stderr what it has done. Nothing without -C.
 */
void core_dump(void);

/*
 * Makes the file @fd, which is cut to nothing before, a core file, or all of RAM
 * from its first byte on. What is all zero becomes a hole. The vCPUs are paused.
 * Negative errno.
 */
int core_dump_write(int fd);
int memory_dump_write(int fd);

#endif /* BHYVE_CORE_DUMP_H */
