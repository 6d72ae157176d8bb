/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the sections of a snapshot. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "lib/snapshot_format.h"

#define FIRST_ROOM 0x10000

static void append(struct snapshot_writer *w, const void *data, size_t len)
{
	size_t room = w->room ? w->room : FIRST_ROOM;
	void *more;

	if (w->failed)
		return;
	while (room - w->len < len)
		room *= 2;
	if (room != w->room) {
		more = realloc(w->data, room);
		if (!more) {
			w->failed = true;
			return;
		}
		w->data = more;
		w->room = room;
	}
	if (len)
		memcpy(w->data + w->len, data, len);
	w->len += len;
}

void snapshot_begin(struct snapshot_writer *w)
{
	struct snapshot_header h = { .version = SNAPSHOT_VERSION };

	*w = (struct snapshot_writer){ 0 };
	memcpy(h.magic, SNAPSHOT_MAGIC, sizeof(h.magic));
	h.crc = crc32(0, (const void *)&h,
		      offsetof(struct snapshot_header, crc));
	append(w, &h, sizeof(h));
}

void snapshot_clear(struct snapshot_writer *w)
{
	w->len = 0;
}

void snapshot_put(struct snapshot_writer *w, const char *tag, uint32_t instance,
		  uint32_t version, const void *data, size_t len)
{
	struct section_header h = { .instance = instance,
				    .version = version,
				    .len = len };
	size_t n = strlen(tag);

	if (n > sizeof(h.tag) || len > SNAPSHOT_MAX_SECTION) {
		w->failed = true;
		return;
	}
	memcpy(h.tag, tag, n);
	/* crc32() of NULL is its first value, whatever the length. */
	h.data_crc = len ? crc32(0, data, len) : 0;
	h.crc = crc32(0, (const void *)&h,
		      offsetof(struct section_header, crc));
	append(w, &h, sizeof(h));
	append(w, data, len);
}

void snapshot_end(struct snapshot_writer *w)
{
	snapshot_put(w, SNAPSHOT_END, 0, 1, NULL, 0);
}

void snapshot_free(struct snapshot_writer *w)
{
	free(w->data);
	*w = (struct snapshot_writer){ 0 };
}
