/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a bank of flash holds, and the file it comes from and goes to. Bytes
 * behind the end of the file are erased, which is 0xff; the file grows by
 * whole blocks when one of them is written.
 *
 * A bank belongs to one device, whose lock guards it.
 */
#ifndef BHYVE_FLASH_BANK_H
#define BHYVE_FLASH_BANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flash_bank {
	const char *path; /* NULL: nothing is kept */
	int fd; /* -1: not written back */
	bool readonly;
	bool unsynced; /* written since flash_bank_sync() */
	uint8_t *mem; /* all of the bank, page-aligned */
	size_t size, block;
	size_t len; /* the file's; behind it all is erased */
};

/*
 * Makes @bank of @size bytes, in blocks of @block (powers of two, of 4 KiB at
 * least). flash_bank_open_rom() fills it with the file @path and lets nobody
 * write it. flash_bank_open_vars() keeps in @path what is written, and nobody
 * else may have that open so; NULL: in memory alone. Both say what is wrong
 * and exit.
 */
void flash_bank_open_rom(struct flash_bank *bank, const char *path,
			 size_t size, size_t block);
void flash_bank_open_vars(struct flash_bank *bank, const char *path,
			  size_t size, size_t block);

/*
 * Puts @len bytes at @offset, within one block: in the file first. False, and
 * nothing changed: the file could not be written, which is said once.
 */
bool flash_bank_write(struct flash_bank *bank, size_t offset,
		      const void *data, size_t len);

/* Sees to it that what was written survives the host's death. */
void flash_bank_sync(struct flash_bank *bank);

#endif /* BHYVE_FLASH_BANK_H */
