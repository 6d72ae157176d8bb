/* SPDX-License-Identifier: BSD-2-Clause */
/* RAM's pages on their way into a file and out of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/config/config.h"
#include "bhyve/run/snapshot_ram.h"
#include "lib/vmmapi.h"

#define PAGE   4096u
#define WINDOW 512u /* pages that are looked at together */

/* Linux's Documentation/admin-guide/mm/pagemap.rst. */
#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_SWAPPED (UINT64_C(1) << 62)

static struct {
	struct vmctx *ctx;
	uint8_t *mem;
	uint64_t base, size;
	int pagemap_fd; /* -1: this kernel has none, and every page may exist */
	/*
	 * The file that RAM is mapped from, which tells of pages that this process
	 * has not mapped; -1: none. With @shared it is RAM itself, and others write
	 * there, too.
	 */
	int image_fd;
	uint64_t image_offset;
	bool shared;
} ram = { .pagemap_fd = -1, .image_fd = -1 };

static void find_shared_file(uint64_t base)
{
	struct vm_memory m;

	for (unsigned int i = 0; !vm_get_memory(ram.ctx, i, &m); i++) {
		if (m.gpa != base || !m.len || m.fd < 0)
			continue;
		ram.image_fd = m.fd;
		ram.image_offset = 0;
		ram.shared = true;
	}
}

int snapshot_ram_init(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	ram.ctx = ctx;
	ram.base = base;
	ram.size = size;
	ram.mem = vm_map_gpa(ctx, base, size);
	find_shared_file(base);
	/* Opened now, because the sandbox allows no open() later. */
	ram.pagemap_fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	return 0;
}

int snapshot_ram_put(int fd, const void *data, size_t len, uint64_t offset)
{
	while (len) {
		ssize_t n = pwrite(fd, data, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		data = (const uint8_t *)data + n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

/* Whether pages [first, first + n) of the image that RAM is mapped from have data. */
static bool is_in_image(uint64_t first, uint64_t n)
{
	off_t from = (off_t)(ram.image_offset + first * PAGE);
	off_t data;

	if (ram.image_fd < 0)
		return false;
	data = lseek(ram.image_fd, from, SEEK_DATA);
	return data >= 0 ? data < from + (off_t)(n * PAGE) : errno != ENXIO;
}

/*
 * Reads which of @n pages exist in this process's memory. What it does not know
 * counts as existing.
 */
static void read_pagemap(uint64_t first, uint64_t n, uint64_t entries[WINDOW])
{
	size_t len = n * sizeof(*entries);
	uint64_t at = (uintptr_t)ram.mem / PAGE + first;

	if (ram.pagemap_fd < 0 ||
	    pread(ram.pagemap_fd, entries, len,
		  (off_t)(at * sizeof(*entries))) != (ssize_t)len)
		memset(entries, 0xff, len);
}

static bool is_zero(const uint8_t *page)
{
	static const uint8_t zeroes[PAGE];

	return !memcmp(page, zeroes, PAGE);
}

/* Writes pages [first, end), which lie one behind the other. */
static int put_run(int fd, uint64_t first, uint64_t end,
		   struct snapshot_memory *memory)
{
	uint64_t at = first * PAGE, len = (end - first) * PAGE;

	memory->saved += len;
	return snapshot_ram_put(fd, ram.mem + at, len, memory->offset + at);
}

static int put_window(int fd, uint64_t first, uint64_t n,
		      struct snapshot_memory *memory)
{
	bool mapped = is_in_image(first, n);
	uint64_t entries[WINDOW], run = first, at;
	int ret = 0;

	read_pagemap(first, n, entries);
	for (at = first; at < first + n && !ret; at++) {
		bool exists = mapped || entries[at - first] & (PAGEMAP_PRESENT |
							       PAGEMAP_SWAPPED);

		if (exists && !is_zero(ram.mem + at * PAGE))
			continue;
		if (at > run)
			ret = put_run(fd, run, at, memory);
		run = at + 1;
	}
	return ret || at == run ? ret : put_run(fd, run, at, memory);
}

static void find_existing(uint64_t first, uint64_t n, uint64_t *bitmap)
{
	bool mapped = is_in_image(first, n);
	uint64_t entries[WINDOW];

	read_pagemap(first, n, entries);
	for (uint64_t at = first; at < first + n; at++)
		if (mapped ||
		    entries[at - first] & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED))
			bitmap[at / 64] |= UINT64_C(1) << at % 64;
}

void snapshot_ram_existing(uint64_t *bitmap)
{
	uint64_t pages = ram.size / PAGE;

	for (uint64_t at = 0; at < pages; at += WINDOW)
		find_existing(at, pages - at < WINDOW ? pages - at : WINDOW,
			      bitmap);
}

int snapshot_ram_make_room(int fd, struct snapshot_memory *memory)
{
	*memory = (struct snapshot_memory){ .offset = SNAPSHOT_IMAGE,
					    .len = ram.size };
	if (ftruncate(fd, 0) ||
	    ftruncate(fd, (off_t)(memory->offset + memory->len)))
		return -errno;
	return 0;
}

int snapshot_ram_save(int fd, struct snapshot_memory *memory)
{
	uint64_t pages = ram.size / PAGE;
	int ret = snapshot_ram_make_room(fd, memory);

	for (uint64_t at = 0; at < pages && !ret; at += WINDOW)
		ret = put_window(fd, at,
				 pages - at < WINDOW ? pages - at : WINDOW,
				 memory);
	return ret;
}

/* -S locks the guest's memory, so all of it is read now, not when it is touched. */
static int read_image(int fd, uint64_t offset)
{
	uint64_t done = 0;

	while (done < ram.size) {
		ssize_t n = pread(fd, ram.mem + done, ram.size - done,
				  (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ENODATA;
		done += (uint64_t)n;
	}
	return 0;
}

int snapshot_ram_map(int fd, const struct snapshot_memory *memory)
{
	struct stat st;

	if (memory->offset % PAGE || memory->offset < SNAPSHOT_IMAGE ||
	    memory->offset > 2 * (uint64_t)SNAPSHOT_IMAGE ||
	    memory->len != ram.size)
		return -EPROTO;
	if (fstat(fd, &st))
		return -errno;
	if ((uint64_t)st.st_size != memory->offset + memory->len)
		return -ENODATA;
	if (get_config_bool_default("memory.wired", false))
		return read_image(fd, memory->offset);
	if (!ram.shared) {
		ram.image_fd = fd;
		ram.image_offset = memory->offset;
	}
	return vm_map_image(ram.ctx, ram.base, fd, memory->offset);
}
