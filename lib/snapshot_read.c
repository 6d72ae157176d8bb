/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a snapshot, section by section. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "lib/snapshot_format.h"

static int __attribute__((format(printf, 3, 4)))
fail(struct snapshot_reader *r, int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->error, sizeof(r->error), fmt, ap);
	va_end(ap);
	return error;
}

_Static_assert(sizeof(struct section_header) == SNAPSHOT_HEADER_LEN,
	       "the longest header");

static uint32_t crc_of(const void *data, size_t len)
{
	return crc32(0, data, len);
}

/*
 * Reads on until @len bytes of the part are at @to. 0; -ENODATA: it ends before;
 * -EAGAIN: the rest is not there yet; another negative errno.
 */
static int read_part(struct snapshot_reader *r, void *to, size_t len)
{
	while (r->got < len) {
		ssize_t n = read(r->fd, (char *)to + r->got, len - r->got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return -ENODATA;
		r->got += n;
	}
	r->got = 0;
	return 0;
}

static int unreadable(struct snapshot_reader *r, int error)
{
	return error == -EAGAIN ?
		       error :
		       fail(r, error, "cannot be read: %s", strerror(-error));
}

static int read_file_header(struct snapshot_reader *r)
{
	struct snapshot_header h = { 0 };
	int ret = read_part(r, r->head, sizeof(h));

	if (ret && ret != -ENODATA)
		return unreadable(r, ret);
	memcpy(&h, r->head, sizeof(h));
	if (ret || memcmp(h.magic, SNAPSHOT_MAGIC, sizeof(h.magic)))
		return fail(r, -EPROTO, "is no snapshot of bhyve's");
	if (h.crc != crc_of(&h, offsetof(struct snapshot_header, crc)))
		return fail(r, -EPROTO, "has a damaged header");
	if (!h.version || h.version > SNAPSHOT_VERSION)
		return fail(r, -EPROTO,
			    "has version %u, and this bhyve reads 1 to %u",
			    h.version, SNAPSHOT_VERSION);
	r->opened = true;
	return 0;
}

void snapshot_attach(struct snapshot_reader *r, int fd)
{
	*r = (struct snapshot_reader){ .fd = fd, .last = "(none)" };
}

int snapshot_open(struct snapshot_reader *r, int fd)
{
	snapshot_attach(r, fd);
	return read_file_header(r);
}

bool snapshot_is_tag(const char tag[SNAPSHOT_TAG_LEN])
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = 0;

	while (n < SNAPSHOT_TAG_LEN && tag[n])
		if (!strchr(allowed, tag[n++]))
			return false;
	for (size_t i = n; i < SNAPSHOT_TAG_LEN; i++)
		if (tag[i])
			return false;
	return n > 0;
}

static int check_header(struct snapshot_reader *r,
			const struct section_header *h)
{
	if (h->crc != crc_of(h, offsetof(struct section_header, crc)) ||
	    !snapshot_is_tag(h->tag) || h->reserved)
		return fail(r, -EPROTO,
			    "has a damaged header behind section %s", r->last);
	return 0;
}

static int make_room(struct snapshot_reader *r, const struct section_header *h)
{
	if (h->len > SNAPSHOT_MAX_SECTION)
		return fail(r, -EPROTO, "section %s has %u bytes, at most %u",
			    r->last, h->len, SNAPSHOT_MAX_SECTION);
	free(r->room);
	r->room = malloc(h->len + 1);
	if (!r->room)
		return fail(r, -ENOMEM, "no memory for section %s", r->last);
	return 0;
}

static void describe(const struct section_header *h, struct section *section)
{
	*section = (struct section){ .instance = h->instance,
				     .version = h->version,
				     .len = h->len };
	memcpy(section->tag, h->tag, SNAPSHOT_TAG_LEN);
}

static int read_header(struct snapshot_reader *r)
{
	struct section_header h;
	struct section section;
	int ret = read_part(r, r->head, sizeof(h));

	if (ret == -ENODATA)
		return fail(r, -EPROTO,
			    "ends behind section %s: it is not complete",
			    r->last);
	if (ret)
		return unreadable(r, ret);
	memcpy(&h, r->head, sizeof(h));
	ret = check_header(r, &h);
	if (ret)
		return ret;
	describe(&h, &section);
	section_name(&section, r->last);
	ret = make_room(r, &h);
	r->in_data = !ret;
	return ret;
}

static int read_data(struct snapshot_reader *r, struct section *section)
{
	struct section_header h;
	int ret;

	memcpy(&h, r->head, sizeof(h));
	ret = read_part(r, r->room, h.len);
	if (ret == -ENODATA)
		return fail(r, -EPROTO,
			    "ends inside section %s: it is not"
			    " complete",
			    r->last);
	if (ret)
		return unreadable(r, ret);
	r->in_data = false;
	if (h.data_crc != crc_of(r->room, h.len))
		return fail(r, -EPROTO, "section %s is damaged", r->last);
	describe(&h, section);
	section->data = r->room;
	return strcmp(section->tag, SNAPSHOT_END) ? 1 : 0;
}

int snapshot_next(struct snapshot_reader *r, struct section *section)
{
	int ret = 0;

	if (!r->opened)
		ret = read_file_header(r);
	if (!ret && !r->in_data)
		ret = read_header(r);
	return ret ? ret : read_data(r, section);
}

void snapshot_close(struct snapshot_reader *r)
{
	free(r->room);
	r->room = NULL;
}

void section_name(const struct section *section, char name[SECTION_NAME_LEN])
{
	uint32_t at = section->instance;

	if (at & SNAPSHOT_SLOTTED)
		snprintf(name, SECTION_NAME_LEN, "%s %u:%u", section->tag,
			 (at & ~SNAPSHOT_SLOTTED) >> 3, at & 7);
	else if (at)
		snprintf(name, SECTION_NAME_LEN, "%s %u", section->tag, at);
	else
		snprintf(name, SECTION_NAME_LEN, "%s", section->tag);
}
