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

static uint32_t crc_of(const void *data, size_t len)
{
	return crc32(0, data, len);
}

/* Number of bytes read, which is less than @len only at the end; -errno. */
static ssize_t read_all(int fd, void *to, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, (char *)to + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		done += n;
	}
	return done;
}

/* 0, or what went wrong. */
static int read_or_fail(struct snapshot_reader *r, void *to, size_t len)
{
	ssize_t n = read_all(r->fd, to, len);

	if (n < 0)
		return fail(r, n, "cannot be read: %s", strerror(-n));
	if ((size_t)n == len)
		return 0;
	return fail(r, -EPROTO, "ends behind section %s: it is not complete",
		    r->last);
}

int snapshot_open(struct snapshot_reader *r, int fd)
{
	struct snapshot_header h;
	ssize_t n;

	*r = (struct snapshot_reader){ .fd = fd, .last = "(none)" };
	n = read_all(fd, &h, sizeof(h));
	if (n < 0)
		return fail(r, n, "cannot be read: %s", strerror(-n));
	if (n != sizeof(h) || memcmp(h.magic, SNAPSHOT_MAGIC, sizeof(h.magic)))
		return fail(r, -EPROTO, "is no snapshot of bhyve's");
	if (h.crc != crc_of(&h, offsetof(struct snapshot_header, crc)))
		return fail(r, -EPROTO, "has a damaged header");
	if (!h.version || h.version > SNAPSHOT_VERSION)
		return fail(r, -EPROTO,
			    "has version %u, and this bhyve reads 1 to %u",
			    h.version, SNAPSHOT_VERSION);
	return 0;
}

/* A tag is a word of small letters, digits and dashes. */
static bool has_tag(const struct section_header *h)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t n = 0;

	while (n < sizeof(h->tag) && h->tag[n])
		if (!strchr(allowed, h->tag[n++]))
			return false;
	for (size_t i = n; i < sizeof(h->tag); i++)
		if (h->tag[i])
			return false;
	return n > 0;
}

static int check_header(struct snapshot_reader *r,
			const struct section_header *h)
{
	if (h->crc != crc_of(h, offsetof(struct section_header, crc)) ||
	    !has_tag(h) || h->reserved)
		return fail(r, -EPROTO,
			    "has a damaged header behind section %s", r->last);
	return 0;
}

static int read_data(struct snapshot_reader *r, const struct section_header *h)
{
	int ret;

	if (h->len > SNAPSHOT_MAX_SECTION)
		return fail(r, -EPROTO, "section %s has %u bytes, at most %u",
			    r->last, h->len, SNAPSHOT_MAX_SECTION);
	free(r->room);
	r->room = malloc(h->len + 1);
	if (!r->room)
		return fail(r, -ENOMEM, "no memory for section %s", r->last);
	ret = read_or_fail(r, r->room, h->len);
	if (ret)
		return fail(r, ret,
			    "ends inside section %s: it is not"
			    " complete",
			    r->last);
	if (h->data_crc != crc_of(r->room, h->len))
		return fail(r, -EPROTO, "section %s is damaged", r->last);
	return 0;
}

int snapshot_next(struct snapshot_reader *r, struct section *section)
{
	struct section_header h;
	int ret = read_or_fail(r, &h, sizeof(h));

	if (!ret)
		ret = check_header(r, &h);
	if (ret)
		return ret;
	*section = (struct section){ .instance = h.instance,
				     .version = h.version,
				     .len = h.len };
	memcpy(section->tag, h.tag, SNAPSHOT_TAG_LEN);
	section_name(section, r->last);
	ret = read_data(r, &h);
	if (ret)
		return ret;
	section->data = r->room;
	return strcmp(section->tag, SNAPSHOT_END) ? 1 : 0;
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
