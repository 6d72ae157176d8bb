/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contents of a bank of flash, and the file that they come from and go to.
 * Bytes behind the end of the file are erased (0xff); the file grows by whole
 * blocks when one of them is written. The lock of the device that owns a bank
 * guards it.
 */
#ifndef BHYVE_FLASH_BANK_H
#define BHYVE_FLASH_BANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flash_bank {
	const char *path; /* NULL: contents are lost at exit */
	int fd;		  /* -1: writes do not go to a file */
	bool readonly;
	bool unsynced; /* written since the last flash_bank_sync() */
	uint8_t *mem;  /* the whole bank, page-aligned */
	size_t size, block;
	size_t len; /* the file's length; all behind it is erased */
};

/*
 * Makes a bank of @size bytes in blocks of @block bytes, both powers of two of
 * at least 4 KiB. flash_bank_open_rom() makes a bank that the guest cannot write,
 * with the contents of the file @path; if @path is NULL it has zeros, and the
 * caller writes its contents to bank->mem. flash_bank_open_vars() makes a bank
 * whose contents are kept in the file @path, which no other process may use at
 * the same time; if @path is NULL they are only in memory. On an error both print
 * it and exit.
 */
void flash_bank_open_rom(struct flash_bank *bank, const char *path, size_t size,
			 size_t block);
void flash_bank_open_vars(struct flash_bank *bank, const char *path,
			  size_t size, size_t block);

/*
 * Reads the file once more, to which another bhyve has written since: the VM comes
 * from there.
 */
void flash_bank_read_again(struct flash_bank *bank);

/*
 * Writes @len bytes at @offset, within one block, first to the file. False,
 * with nothing changed: the file could not be written, which is reported once.
 */
bool flash_bank_write(struct flash_bank *bank, size_t offset, const void *data,
		      size_t len);

/*
 * Makes sure that what was written survives a crash of the host (fdatasync()).
 */
void flash_bank_sync(struct flash_bank *bank);

#endif /* BHYVE_FLASH_BANK_H */
