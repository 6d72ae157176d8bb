/* SPDX-License-Identifier: BSD-2-Clause */
/* The contents of a bank of flash, and its file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/file_lock.h"
#include "bhyve/dev/flash_bank.h"

#define ERASED 0xff
#define PAGE   ((size_t)4096)
#define MIB    ((size_t)1 << 20)
#define PIECE  MIB

static size_t round_up(size_t val, size_t step)
{
	return (val + step - 1) & ~(step - 1);
}

static void init_bank(struct flash_bank *bank, const char *path, size_t size,
		      size_t block)
{
	*bank = (struct flash_bank){
		.path = path, .fd = -1, .size = size, .block = block
	};
	bank->mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (bank->mem == MAP_FAILED)
		die("no address space for the flash: give less RAM with -m");
}

static int make_erased_piece(void)
{
	int fd = memfd_create("erased flash", MFD_CLOEXEC);
	uint8_t erased[PAGE];

	memset(erased, ERASED, sizeof(erased));
	for (size_t at = 0; at < PIECE; at += PAGE)
		if (fd < 0 || write(fd, erased, PAGE) != PAGE)
			die("no memory for the flash: %s", strerror(errno));
	return fd;
}

/*
 * Maps erased contents from @start, a page boundary. The same piece is mapped
 * again and again, so that a guest that reads it all, as U-Boot reads its
 * environment, neither exits for each word nor uses a bank's worth of the
 * host's memory.
 */
static void map_erased(struct flash_bank *bank, size_t start)
{
	int fd = make_erased_piece();

	for (size_t at = start; at < bank->size; at += PIECE) {
		size_t len = bank->size - at < PIECE ? bank->size - at : PIECE;

		if (mmap(bank->mem + at, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, fd,
			 0) == MAP_FAILED)
			die("no memory for the flash: %s", strerror(errno));
	}
	close(fd);
}

static size_t check_size(const struct flash_bank *bank, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		die("%s: %s", bank->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		die("%s: not a regular file", bank->path);
	if ((uint64_t)st.st_size > bank->size)
		die("%s: %lld bytes, larger than the flash (%zu MiB): give the"
		    " raw image of a firmware or of its variables",
		    bank->path, (long long)st.st_size, bank->size / MIB);
	return st.st_size;
}

static size_t read_piece(const struct flash_bank *bank, int fd, uint8_t *piece,
			 size_t at)
{
	size_t len = bank->len - at < PIECE ? bank->len - at : PIECE;
	ssize_t n;

	do
		n = pread(fd, piece, len, at);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		die("%s: %s", bank->path,
		    n ? strerror(errno) : "it has become shorter");
	return n;
}

/* Zeros are there already: a page of them takes no memory. */
static void copy_pages(uint8_t *to, const uint8_t *from, size_t len)
{
	static const uint8_t zeros[PAGE];

	for (size_t at = 0; at < len; at += PAGE) {
		size_t n = len - at < PAGE ? len - at : PAGE;

		if (memcmp(from + at, zeros, n))
			memcpy(to + at, from + at, n);
	}
}

/*
 * A copy, because a file that is mapped can be cut short or written to by others
 * while the guest runs from it. What a guest writes is written to the file
 * separately.
 */
static void copy_file(struct flash_bank *bank, int fd)
{
	uint8_t *piece = malloc(PIECE);
	size_t pages, n;

	bank->len = check_size(bank, fd);
	pages = round_up(bank->len, PAGE);
	map_erased(bank, pages);
	if (!piece)
		die("no memory for the flash");
	for (size_t at = 0; at < bank->len; at += n) {
		n = read_piece(bank, fd, piece, at);
		copy_pages(bank->mem + at, piece, n);
	}
	free(piece);
	memset(bank->mem + bank->len, ERASED, pages - bank->len);
}

void flash_bank_open_rom(struct flash_bank *bank, const char *path, size_t size,
			 size_t block)
{
	int fd;

	init_bank(bank, path, size, block);
	bank->readonly = true;
	if (!path) {
		bank->len = size;
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	copy_file(bank, fd);
	close(fd);
	if (!bank->len)
		die("%s: an empty file: give a firmware's image", path);
}

static void explain_vars(const char *path, int error)
{
	switch (error) {
	case ENOENT:
		die("%s: no such file: copy the firmware's template of"
		    " variables there (AAVMF32_VARS.fd), or make an empty file",
		    path);
	case EACCES:
	case EROFS:
		die("%s: variables are written there, and it is read-only:"
		    " give a copy of your own",
		    path);
	case EWOULDBLOCK:
		die("%s: another VM has it open: give each its own copy", path);
	default:
		die("%s: %s", path, strerror(error));
	}
}

void flash_bank_open_vars(struct flash_bank *bank, const char *path,
			  size_t size, size_t block)
{
	int fd, ret;

	if (!path) {
		init_bank(bank, NULL, size, block);
		map_erased(bank, 0);
		return;
	}
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		explain_vars(path, errno);
	ret = file_lock(fd, false, path);
	if (ret)
		explain_vars(path, -ret);
	init_bank(bank, path, size, block);
	bank->fd = fd;
	copy_file(bank, fd);
}

void flash_bank_read_again(struct flash_bank *bank)
{
	size_t at = 0;

	while (bank->fd >= 0 && at < bank->size) {
		ssize_t n = pread(bank->fd, bank->mem + at, bank->size - at,
				  (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	if (at > bank->len)
		bank->len = at;
}

static bool write_file(struct flash_bank *bank, size_t offset,
		       const uint8_t *data, size_t len)
{
	static bool said;

	while (bank->fd >= 0 && len) {
		ssize_t n = pwrite(bank->fd, data, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && !said)
			guest_println("%s: %s: the guest's write to its flash"
				      " fails",
				      bank->path, strerror(errno));
		if (n < 0) {
			said = true;
			return false;
		}
		bank->unsynced = true;
		offset += n;
		data += n;
		len -= n;
	}
	return true;
}

/*
 * Extends the file with the bank's contents, up to the end of the block that
 * ends at @end.
 */
static bool extend(struct flash_bank *bank, size_t end)
{
	size_t new_len = round_up(end, bank->block);

	if (end <= bank->len)
		return true;
	if (!write_file(bank, bank->len, bank->mem + bank->len,
			new_len - bank->len))
		return false;
	bank->len = new_len;
	return true;
}

bool flash_bank_write(struct flash_bank *bank, size_t offset, const void *data,
		      size_t len)
{
	if (!extend(bank, offset + len) || !write_file(bank, offset, data, len))
		return false;
	memcpy(bank->mem + offset, data, len);
	return true;
}

void flash_bank_sync(struct flash_bank *bank)
{
	if (!bank->unsynced)
		return;
	bank->unsynced = false;
	/*
	 * EINVAL: a file system without sync has nothing that survives the host
	 * anyway.
	 */
	if (fdatasync(bank->fd) < 0 && errno != EINVAL)
		guest_println("%s: %s: the guest's variables may be lost",
			      bank->path, strerror(errno));
}
