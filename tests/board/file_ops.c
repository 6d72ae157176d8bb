/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file_ops FILE OPERATIONS SEED: random reads, writes and truncations of a file, by
 * descriptor and by mapping, with the file closed and opened in between. What is read
 * is compared with an array to which the same was done.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST   (256u << 10) /* bytes of the file */
#define LENGTH (16u << 10)  /* and of one operation */

static const char *path;
static int file;
static uint32_t size, operation;
static uint8_t expected[MOST], data[LENGTH];

static void fail(const char *what)
{
	perror(what);
	printf("file_ops: operation %u: %s\n", operation, what);
	exit(1);
}

static void must(int good, const char *what)
{
	if (!good)
		fail(what);
}

static void compare(uint32_t at, const void *got, uint32_t len)
{
	must(memcmp(expected + at, got, len) == 0, "other data was read");
}

static void fill(uint8_t *to, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		to[i] = random();
}

/* Bytes between the old end and the new one are zero. */
static void set_size(uint32_t now)
{
	if (now < size)
		memset(expected + now, 0, size - now);
	size = now;
}

static void write_some(uint32_t at, uint32_t len)
{
	fill(data, len);
	must(pwrite(file, data, len, at) == (ssize_t)len, "write");
	if (at + len > size)
		set_size(at + len);
	memcpy(expected + at, data, len);
}

static void read_some(uint32_t at, uint32_t len)
{
	uint32_t want = at >= size ? 0 : len < size - at ? len : size - at;

	must(pread(file, data, len, at) == (ssize_t)want, "read");
	compare(at, data, want);
}

static void truncate_some(uint32_t at, uint32_t len)
{
	(void)len;
	must(ftruncate(file, at) == 0, "truncate");
	set_size(at);
}

/* What is mapped is read, and written where it was. */
static void map_some(uint32_t at, uint32_t len)
{
	uint8_t *map;

	if (at >= size)
		return;
	len = len < size - at ? len : size - at;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	must(map != MAP_FAILED, "map");
	compare(at, map + at, len);
	fill(map + at, len);
	memcpy(expected + at, map + at, len);
	must(msync(map, size, MS_SYNC) == 0, "msync");
	munmap(map, size);
}

static void reopen(uint32_t at, uint32_t len)
{
	struct stat st;

	(void)at, (void)len;
	must(fsync(file) == 0, "fsync");
	close(file);
	file = open(path, O_RDWR);
	must(file >= 0, "open");
	must(fstat(file, &st) == 0 && st.st_size == size, "another size");
}

int main(int argc, char **argv)
{
	static void (*const ops[])(uint32_t at, uint32_t len) = {
		write_some, write_some, read_some, read_some,
		map_some,   map_some,	reopen,	   truncate_some
	};

	if (argc != 4)
		return 2;
	path = argv[1];
	srandom(atoi(argv[3]));
	file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(file >= 0, "open");
	for (; operation < (uint32_t)atoi(argv[2]); operation++) {
		uint32_t len = 1 + random() % LENGTH;

		ops[random() % 8](random() % (MOST - LENGTH), len);
	}
	return unlink(path) != 0;
}
