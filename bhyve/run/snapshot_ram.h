/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM in a snapshot's file: an image with holes. bhyve -r maps it, so that a page is
 * read when the guest touches it.
 */
#ifndef BHYVE_SNAPSHOT_RAM_H
#define BHYVE_SNAPSHOT_RAM_H

#include <stddef.h>
#include <stdint.h>
#include "lib/snapshot.h"

struct vmctx;

/*
 * Remembers where RAM is, and opens the file of /proc that tells which of its pages
 * exist. At start-up. 0 or a negative errno.
 */
int snapshot_ram_init(struct vmctx *ctx, uint64_t base, uint64_t size);

/*
 * Truncates the file @fd and makes it as long as it will be, all of it a hole;
 * *@memory says where pages belong. 0 or a negative errno.
 */
int snapshot_ram_make_room(int fd, struct snapshot_memory *memory);

/*
 * Truncates the file @fd and writes the pages into it that exist and are not zero;
 * *@memory describes them. 0 or a negative errno.
 */
int snapshot_ram_save(int fd, struct snapshot_memory *memory);

/*
 * Sets a bit for each page that exists, as vm_get_dirty() has them; a page of which
 * this is not known counts as existing.
 */
void snapshot_ram_existing(uint64_t *bitmap);

/* Writes @len bytes at @offset of the file. 0 or a negative errno. */
int snapshot_ram_put(int fd, const void *data, size_t len, uint64_t offset);

/*
 * Maps the image in the file @fd as RAM. *@memory was read from that file; @fd must
 * stay open. 0; -EPROTO: *@memory is impossible; -ENODATA: the file is not
 * complete; another negative errno.
 */
int snapshot_ram_map(int fd, const struct snapshot_memory *memory);

#endif /* BHYVE_SNAPSHOT_RAM_H */
