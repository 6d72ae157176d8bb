/* SPDX-License-Identifier: BSD-2-Clause */
/* The checksum of the image of RAM, most of which may be holes. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "lib/snapshot_format.h"

#define CHUNK 0x10000u

bool snapshot_get_memory(const struct section *section,
			 struct snapshot_memory *memory)
{
	size_t len = section->version == 1 ? SNAPSHOT_MEMORY_V1_LEN :
					     sizeof(*memory);

	if (!section->version || section->version > 2 || section->len != len)
		return false;
	*memory = (struct snapshot_memory){ 0 };
	memcpy(memory, section->data, len);
	return true;
}

/* The checksum of @len zeroes, from those of 1, 2, 4, 8 ... zeroes. */
static uint32_t sum_of_zeroes(uint64_t len)
{
	const uint8_t zero = 0;
	uint32_t power = crc32(0, &zero, 1), sum = 0;

	for (uint64_t n = 1; n <= len; n *= 2) {
		if (len & n)
			sum = crc32_combine(sum, power, (z_off_t)n);
		power = crc32_combine(power, power, (z_off_t)n);
	}
	return sum;
}

static int sum_data(int fd, uint64_t at, uint64_t end, uint32_t *crc)
{
	static uint8_t buf[CHUNK];

	while (at < end) {
		size_t want = end - at < CHUNK ? end - at : CHUNK;
		ssize_t n = pread(fd, buf, want, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ENODATA;
		*crc = crc32(*crc, buf, (uInt)n);
		at += (uint64_t)n;
	}
	return 0;
}

/* The first offset from @at on with data (SEEK_DATA) or a hole (SEEK_HOLE), or @end. */
static uint64_t seek(int fd, uint64_t at, uint64_t end, int whence)
{
	off_t found = lseek(fd, (off_t)at, whence);

	if (found < 0)
		/* ENXIO: no more data. Others: a file system without holes. */
		return whence == SEEK_DATA && errno != ENXIO ? at : end;
	return (uint64_t)found < end ? (uint64_t)found : end;
}

int snapshot_sum(int fd, uint64_t offset, uint64_t len, uint32_t *crc)
{
	uint64_t at = offset, end = offset + len;
	int ret = 0;

	*crc = 0;
	while (at < end && !ret) {
		uint64_t data = seek(fd, at, end, SEEK_DATA);
		uint64_t hole = seek(fd, data, end, SEEK_HOLE);

		if (data > at)
			*crc = crc32_combine(*crc, sum_of_zeroes(data - at),
					     (z_off_t)(data - at));
		ret = sum_data(fd, data, hole, crc);
		at = hole;
	}
	return ret;
}

/* Writes new data over the data of the section that was read last. */
static int replace(int fd, const struct section *section,
		   const struct snapshot_memory *memory)
{
	struct snapshot_writer w = { 0 };
	off_t at = lseek(fd, 0, SEEK_CUR);
	int ret = 0;

	snapshot_put(&w, section->tag, section->instance, section->version,
		     memory, sizeof(*memory));
	if (w.failed)
		ret = -ENOMEM;
	else if (at < 0 ||
		 pwrite(fd, w.data, w.len, at - (off_t)w.len) != (ssize_t)w.len)
		ret = errno ? -errno : -EIO;
	snapshot_free(&w);
	return ret;
}

static int seal_section(int fd, const struct section *section)
{
	struct snapshot_memory memory;
	off_t at = lseek(fd, 0, SEEK_CUR);
	int ret;

	if (section->version < 2 || !snapshot_get_memory(section, &memory))
		return -EPROTO;
	ret = snapshot_sum(fd, memory.offset, memory.len, &memory.crc);
	if (ret)
		return ret;
	memory.has_crc = 1;
	lseek(fd, at, SEEK_SET);
	return replace(fd, section, &memory);
}

int snapshot_seal(int fd)
{
	struct snapshot_reader r;
	struct section section;
	int ret;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	ret = snapshot_open(&r, fd);
	while (!ret && (ret = snapshot_next(&r, &section)) > 0) {
		ret = 0;
		if (!strcmp(section.tag, "memory"))
			ret = seal_section(fd, &section);
	}
	snapshot_close(&r);
	return ret;
}
