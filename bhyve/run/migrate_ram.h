/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM's pages on their way to another bhyve, or into a file while the guest runs: which
 * are still to be copied, and the sections that carry them.
 *
 * A section "pages" has a 64-bit number for each of its pages, and then their contents. A
 * section "zeroes" has only such numbers, of pages that have become zero. "copied" comes
 * after all of these.
 */
#ifndef BHYVE_MIGRATE_RAM_H
#define BHYVE_MIGRATE_RAM_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/snapshot.h"

struct vmctx;

/* The data of "copied": how many pages of either kind were sent. */
struct migrate_copied {
	uint64_t pages, zeroes;
};

/* Remembers where RAM is. At start-up. */
void migrate_ram_init(struct vmctx *ctx, uint64_t base, uint64_t size);

/*
 * Begins to log what is written to RAM. No vCPU runs, and all devices are drained. 0 or
 * a negative errno.
 */
int migrate_ram_begin(void);

/* Lists all pages that exist. After migrate_ram_begin(); the vCPUs may run. */
void migrate_ram_list_existing(void);
void migrate_ram_end(void);

/* Adds sections of some of the listed pages to *@w; false: there are none left. */
bool migrate_ram_next(struct snapshot_writer *w);

/*
 * Writes some of the listed pages into a snapshot's file, whose image *@memory
 * describes, and counts them there. 1; 0: there are none left; or a negative errno.
 */
int migrate_ram_store(int fd, struct snapshot_memory *memory);

/*
 * Adds the pages that were written since the last call to those that are listed: how
 * many there are then, or -errno.
 */
int64_t migrate_ram_list(void);

/* How many pages were copied, and RAM's number of pages. */
uint64_t migrate_ram_sent(void);
uint64_t migrate_ram_pages(void);

/* Adds "copied". */
void migrate_ram_put_copied(struct snapshot_writer *w);

/*
 * On the other side: stores what a section of pages brings, or compares what
 * "copied" says with what has come. NULL, or what is wrong with it.
 */
const char *migrate_ram_take(const struct section *section);

#endif /* BHYVE_MIGRATE_RAM_H */
