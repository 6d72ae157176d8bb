/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fw_cfg: numbered items and named files that firmware and kernels read from
 * the machine, byte by byte or by DMA (QEMU: docs/specs/fw_cfg). The guest
 * cannot write them.
 */
#ifndef BHYVE_FWCFG_H
#define BHYVE_FWCFG_H

#include <stdint.h>

struct machine;
struct vmctx;

/* Numbers of items. Named files are numbered from FWCFG_FILE_FIRST. */
enum {
	FWCFG_SIGNATURE = 0x00,
	FWCFG_ID = 0x01,
	FWCFG_UUID = 0x02,
	FWCFG_RAM_SIZE = 0x03,
	FWCFG_NOGRAPHIC = 0x04,
	FWCFG_NB_CPUS = 0x05,
	FWCFG_KERNEL_SIZE = 0x08,
	FWCFG_INITRD_SIZE = 0x0b,
	FWCFG_MAX_CPUS = 0x0f,
	FWCFG_KERNEL_DATA = 0x11,
	FWCFG_INITRD_DATA = 0x12,
	FWCFG_CMDLINE_SIZE = 0x14,
	FWCFG_CMDLINE_DATA = 0x15,
	FWCFG_FILE_DIR = 0x19,
	FWCFG_FILE_FIRST = 0x20,
};

#define FWCFG_MAX_FILES 64
#define FWCFG_MAX_NAME	56 /* including the NUL */

/*
 * Puts fw_cfg on the bus, with its own description as first item. 0 or a
 * negative errno.
 */
int fwcfg_init(struct vmctx *ctx, const struct machine *machine);

/* Adds an item. At start-up; @data is kept, not copied. */
void fwcfg_add_item(uint16_t key, const void *data, uint32_t len);

/* Adds an item that is a number of @size bytes (1, 2, 4, 8), little-endian. */
void fwcfg_add_number(uint16_t key, uint64_t val, unsigned int size);

/*
 * Adds a named file. 0; -EINVAL: @name is empty or too long; -EEXIST: a file
 * has that name; -ENOSPC: there are FWCFG_MAX_FILES.
 */
int fwcfg_add_file(const char *name, const void *data, uint32_t len);

#endif /* BHYVE_FWCFG_H */
