/* SPDX-License-Identifier: BSD-2-Clause */
/* The format of snapshots, as docs/snapshot.md has it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include "lib/snapshot.h"

static struct snapshot_writer made;

static void make(void)
{
	snapshot_begin(&made);
	snapshot_put(&made, "pl011", 0, 1, "0123456789", 10);
	snapshot_put(&made, "virtio-blk", SNAPSHOT_AT(3, 1), 2, NULL, 0);
	snapshot_put(&made, "flash", 1, 1, "x", 1);
	snapshot_end(&made);
	assert_false(made.failed);
}

static int file_of(const void *data, size_t len)
{
	int fd = memfd_create("snapshot", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void expect(struct snapshot_reader *r, const char *name,
		   uint32_t version, const char *data)
{
	char got[SECTION_NAME_LEN];
	struct section section;

	assert_int_equal(snapshot_next(r, &section), 1);
	section_name(&section, got);
	assert_string_equal(got, name);
	assert_int_equal(section.version, version);
	assert_int_equal(section.len, strlen(data));
	assert_memory_equal(section.data, data, section.len);
}

static void expect_all(int fd)
{
	struct snapshot_reader r;
	struct section section;

	assert_int_equal(snapshot_open(&r, fd), 0);
	expect(&r, "pl011", 1, "0123456789");
	expect(&r, "virtio-blk 3:1", 2, "");
	expect(&r, "flash 1", 1, "x");
	assert_int_equal(snapshot_next(&r, &section), 0);
	snapshot_close(&r);
}

static void what_is_written_is_read(void **state)
{
	int fd;

	(void)state;
	make();
	fd = file_of(made.data, made.len);
	expect_all(fd);
	close(fd);
	snapshot_free(&made);
}

/* A stream comes in any pieces, and what follows the end is left in it. */
static void a_socket_will_do(void **state)
{
	int fds[2];
	char more;

	(void)state;
	make();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(write(fds[0], made.data, made.len), made.len);
	assert_int_equal(write(fds[0], "+", 1), 1);
	expect_all(fds[1]);
	assert_int_equal(read(fds[1], &more, 1), 1);
	assert_int_equal(more, '+');
	close(fds[0]);
	close(fds[1]);
	snapshot_free(&made);
}

/* The bytes of a file that was written by hand from docs/snapshot.md. */
static void the_layout_is_documented(void **state)
{
	uint8_t h[16 + 40] = "BHYVESNP\1\0\0";
	uint32_t crc = crc32(0, h, 12);

	(void)state;
	memcpy(h + 12, &crc, 4);
	memcpy(h + 16, "end", 3);
	h[16 + 20] = 1;
	crc = crc32(0, h + 16, 36);
	memcpy(h + 16 + 36, &crc, 4);
	snapshot_begin(&made);
	snapshot_end(&made);
	assert_int_equal(made.len, sizeof(h));
	assert_memory_equal(made.data, h, sizeof(h));
	snapshot_free(&made);
}

/* Reads until an error, and gives its text. */
static void expect_error(const void *data, size_t len, const char *error)
{
	int fd = file_of(data, len), ret;
	struct snapshot_reader r;
	struct section section;

	ret = snapshot_open(&r, fd);
	if (!ret)
		while ((ret = snapshot_next(&r, &section)) > 0)
			;
	assert_true(ret < 0);
	if (error)
		assert_string_equal(r.error, error);
	assert_true(*r.error);
	snapshot_close(&r);
	close(fd);
}

static void damage_is_found_and_named(void **state)
{
	uint8_t *copy;

	(void)state;
	make();
	copy = malloc(made.len);
	memcpy(copy, made.data, made.len);
	copy[16 + 40] ^= 1;
	expect_error(copy, made.len, "section pl011 is damaged");
	memcpy(copy, made.data, made.len);
	copy[16 + 40 + 10 + 30] ^= 0x80; /* a length */
	expect_error(copy, made.len,
		     "has a damaged header behind section pl011");
	/* Any single bit, anywhere. */
	for (size_t bit = 0; bit < 8 * made.len; bit++) {
		memcpy(copy, made.data, made.len);
		copy[bit / 8] ^= 1 << bit % 8;
		expect_error(copy, made.len, NULL);
	}
	free(copy);
	snapshot_free(&made);
}

static void truncation_is_found(void **state)
{
	(void)state;
	make();
	for (size_t len = 0; len < made.len; len++)
		expect_error(made.data, len, NULL);
	expect_error(made.data, 0, "is no snapshot of bhyve's");
	expect_error(made.data, 16 + 40 + 5,
		     "ends inside section pl011: it is not complete");
	expect_error(made.data, 16 + 40 + 10,
		     "ends behind section pl011: it is not complete");
	snapshot_free(&made);
}

static void put_header(uint8_t *h, const char *tag, uint32_t len, uint32_t odd)
{
	uint32_t crc;

	memset(h, 0, 40);
	memcpy(h, tag, strlen(tag));
	memcpy(h + 24, &len, 4);
	memcpy(h + 32, &odd, 4);
	crc = crc32(0, h, 36);
	memcpy(h + 36, &crc, 4);
}

/* Whoever makes a file up can make its checksums, too. */
static void what_is_made_up_is_bounded(void **state)
{
	uint8_t file[16 + 40];
	uint32_t crc;

	(void)state;
	snapshot_begin(&made);
	memcpy(file, made.data, 16);
	put_header(file + 16, "pl011", UINT32_MAX, 0);
	expect_error(file, sizeof(file),
		     "section pl011 has 4294967295 bytes, at most 1052672");
	put_header(file + 16, "\033[2J", 0, 0);
	expect_error(file, sizeof(file),
		     "has a damaged header behind section (none)");
	put_header(file + 16, "", 0, 0);
	expect_error(file, sizeof(file),
		     "has a damaged header behind section (none)");
	put_header(file + 16, "pl011", 0, 1);
	expect_error(file, sizeof(file),
		     "has a damaged header behind section (none)");
	file[8] = 2;
	crc = crc32(0, file, 12);
	memcpy(file + 12, &crc, 4);
	expect_error(file, sizeof(file),
		     "has version 2, and this bhyve reads 1 to 1");
	snapshot_free(&made);
}

static void a_writer_keeps_the_bounds(void **state)
{
	char *much = calloc(1, SNAPSHOT_MAX_SECTION + 1);

	(void)state;
	snapshot_begin(&made);
	snapshot_put(&made, "much", 0, 1, much, SNAPSHOT_MAX_SECTION);
	assert_false(made.failed);
	snapshot_put(&made, "more", 0, 1, much, SNAPSHOT_MAX_SECTION + 1);
	assert_true(made.failed);
	snapshot_free(&made);
	snapshot_begin(&made);
	snapshot_put(&made, "a-tag-of-17-chars", 0, 1, NULL, 0);
	assert_true(made.failed);
	snapshot_free(&made);
	free(much);
}

#define IMAGE 0x300000u

/* A snapshot with an image of which most is a hole. */
static int file_with_image(uint32_t version)
{
	struct snapshot_memory m = { .offset = SNAPSHOT_IMAGE, .len = IMAGE };
	int fd;

	snapshot_begin(&made);
	snapshot_put(&made, "memory", 0, version, &m,
		     version == 1 ? SNAPSHOT_MEMORY_V1_LEN : sizeof(m));
	snapshot_put(&made, "flash", 1, 1, "x", 1);
	snapshot_end(&made);
	fd = file_of(made.data, made.len);
	snapshot_free(&made);
	assert_int_equal(ftruncate(fd, SNAPSHOT_IMAGE + IMAGE), 0);
	assert_int_equal(pwrite(fd, "data", 4, SNAPSHOT_IMAGE + 0x12345), 4);
	return fd;
}

static void read_memory(int fd, struct snapshot_memory *m)
{
	struct snapshot_reader r;
	struct section section;

	lseek(fd, 0, SEEK_SET);
	assert_int_equal(snapshot_open(&r, fd), 0);
	assert_int_equal(snapshot_next(&r, &section), 1);
	assert_true(snapshot_get_memory(&section, m));
	expect(&r, "flash 1", 1, "x");
	assert_int_equal(snapshot_next(&r, &section), 0);
	snapshot_close(&r);
}

/* The checksum does not depend on what is a hole, and on nothing outside. */
static void the_image_is_sealed(void **state)
{
	uint8_t *image = calloc(1, IMAGE);
	int fd = file_with_image(2);
	struct snapshot_memory m;
	uint32_t crc;

	(void)state;
	memcpy(image + 0x12345, "data", 4);
	read_memory(fd, &m);
	assert_int_equal(m.has_crc, 0);
	assert_int_equal(snapshot_seal(fd), 0);
	read_memory(fd, &m);
	assert_int_equal(m.has_crc, 1);
	assert_int_equal(m.crc, crc32(0, image, IMAGE));
	assert_int_equal(pwrite(fd, image, IMAGE, SNAPSHOT_IMAGE), IMAGE);
	assert_int_equal(snapshot_sum(fd, m.offset, m.len, &crc), 0);
	assert_int_equal(crc, m.crc);
	assert_int_equal(pwrite(fd, "x", 1, SNAPSHOT_IMAGE + IMAGE - 1), 1);
	assert_int_equal(snapshot_sum(fd, m.offset, m.len, &crc), 0);
	assert_int_not_equal(crc, m.crc);
	close(fd);
	free(image);
}

/* Version 1 had no checksum. */
static void older_memory_is_read(void **state)
{
	int fd = file_with_image(1);
	struct snapshot_memory m;

	(void)state;
	read_memory(fd, &m);
	assert_int_equal(m.len, IMAGE);
	assert_int_equal(m.has_crc, 0);
	assert_int_equal(snapshot_seal(fd), -EPROTO);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_socket_will_do),
		cmocka_unit_test(the_layout_is_documented),
		cmocka_unit_test(damage_is_found_and_named),
		cmocka_unit_test(truncation_is_found),
		cmocka_unit_test(what_is_made_up_is_bounded),
		cmocka_unit_test(a_writer_keeps_the_bounds),
		cmocka_unit_test(the_image_is_sealed),
		cmocka_unit_test(older_memory_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
