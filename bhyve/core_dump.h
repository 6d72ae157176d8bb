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
 * Sets the guest for the functions below: its RAM is [@base, @base + @size), its
 * vCPUs are 0 to @ncpus - 1. With -C, makes an empty NAME.core already now, because
 * the sandbox later allows no file to be made. The file is removed at exit unless
 * core_dump() has filled it. 0 or a negative errno.
 */
int core_dump_init(const char *name, struct vmctx *ctx, uint64_t base,
		   uint64_t size, unsigned int ncpus);

/*
 * Fills NAME.core after a fault, stops the vCPUs for good, and reports that on
 * stderr. To be called when no vCPU's thread answers exits any more. Does nothing
 * without -C.
 */
void core_dump(void);

/*
 * core_dump_write() writes a core file to the file @fd, memory_dump_write() all of
 * RAM from its first byte on. The file is truncated first; zeroes become holes.
 * The vCPUs must be paused. 0 or a negative errno.
 */
int core_dump_write(int fd);
int memory_dump_write(int fd);

#endif /* BHYVE_CORE_DUMP_H */
