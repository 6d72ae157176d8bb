/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fw_cfg: numbered items and named files that firmware and kernels can read
 * from the machine, byte by byte or by DMA (QEMU: docs/specs/fw_cfg). Nothing
 * of it can be written.
 */
#ifndef BHYVE_FWCFG_H
#define BHYVE_FWCFG_H

#include <stdint.h>

struct machine;
struct vmctx;

/* Numbers of items; named files get theirs from FWCFG_FILE_FIRST on. */
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

#define FWCFG_MAX_FILES		64
#define FWCFG_MAX_NAME		56 /* its NUL included */

/* Puts the machine's fw_cfg on the bus, with what it says of itself; 0 or a
 * negative errno. */
int fwcfg_init(struct vmctx *ctx, const struct machine *machine);

/* Items and files are given at start-up, and their data kept, not copied. */
void fwcfg_add_item(uint16_t key, const void *data, uint32_t len);

/* An item that is a number of @size bytes (1, 2, 4, 8), little-endian. */
void fwcfg_add_number(uint16_t key, uint64_t val, unsigned int size);

/* -EINVAL: an empty or too long name; -EEXIST: there is one of that name;
 * -ENOSPC: no more than FWCFG_MAX_FILES. */
int fwcfg_add_file(const char *name, const void *data, uint32_t len);

#endif /* BHYVE_FWCFG_H */
