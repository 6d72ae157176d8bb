/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a device's fields one behind the other, or reads them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/base/state.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "saved state is little-endian and so must the host be"
#endif

#define FIRST_ROOM 1024

void state_begin_save(struct state *s)
{
	*s = (struct state){ .version = 1 };
}

void state_begin_load(struct state *s, const void *data, size_t len,
		      uint32_t version)
{
	/* The cast is safe: move() does not write to data while it loads. */
	*s = (struct state){ .loading = true,
			     .version = version,
			     .newest = 1,
			     .data = (uint8_t *)(uintptr_t)data,
			     .len = len };
}

void state_begin_compare(struct state *s, const void *data, size_t len,
			 uint32_t version)
{
	state_begin_load(s, data, len, version);
	s->comparing = true;
}

void state_free(struct state *s)
{
	if (!s->loading)
		free(s->data);
	s->data = NULL;
}

bool state_is_good(const struct state *s)
{
	return !*s->error;
}

bool state_is_read(const struct state *s)
{
	return s->loading && state_is_good(s);
}

bool state_is_loaded(const struct state *s)
{
	return state_is_read(s) && !s->comparing;
}

void state_fail(struct state *s, const char *fmt, ...)
{
	va_list ap;

	if (!state_is_good(s))
		return;
	va_start(ap, fmt);
	vsnprintf(s->error, sizeof(s->error), fmt, ap);
	va_end(ap);
}

bool state_end(struct state *s)
{
	if (s->loading && s->version > s->newest)
		state_fail(s, "version %u, and this bhyve knows up to %u",
			   s->version, s->newest);
	if (s->loading && s->at != s->len)
		state_fail(s, "%zu bytes more than it has fields",
			   s->len - s->at);
	return state_is_good(s);
}

void state_version(struct state *s, uint32_t newest)
{
	s->newest = newest;
	if (!s->loading)
		s->version = newest;
	else if (!s->version || s->version > newest)
		state_fail(s, "version %u, and this bhyve knows 1 to %u",
			   s->version, newest);
}

static bool make_room(struct state *s, size_t len)
{
	size_t room = s->room ? s->room : FIRST_ROOM;
	void *more;

	while (room - s->len < len)
		room *= 2;
	if (room == s->room)
		return true;
	more = room <= STATE_MAX_LEN ? realloc(s->data, room) : NULL;
	if (!more)
		return false;
	s->data = more;
	s->room = room;
	return true;
}

/* The only place that knows the direction. */
static void move(struct state *s, const char *name, void *val, size_t len)
{
	if (!state_is_good(s))
		return;
	if (s->loading) {
		if (len > s->len - s->at) {
			state_fail(s, "ends before %s", name);
			return;
		}
		memcpy(val, s->data + s->at, len);
		s->at += len;
		return;
	}
	if (!make_room(s, len)) {
		state_fail(s, "no memory for %s", name);
		return;
	}
	memcpy(s->data + s->len, val, len);
	s->len += len;
}

void state_number(struct state *s, const char *name, void *val, size_t size,
		  uint64_t max)
{
	uint64_t number = 0;

	if (!s->loading) {
		move(s, name, val, size);
		return;
	}
	move(s, name, &number, size);
	if (number > max)
		state_fail(s, "%s is %" PRIu64 ", at most %" PRIu64, name,
			   number, max);
	if (state_is_good(s))
		memcpy(val, &number, size);
}

void state_bytes(struct state *s, const char *name, void *data, size_t len)
{
	move(s, name, data, len);
}

void state_same(struct state *s, const char *name, uint64_t val)
{
	uint64_t saved = val;

	move(s, name, &saved, sizeof(saved));
	if (saved != val)
		state_fail(s,
			   "%s is %" PRIu64 " in the snapshot and %" PRIu64
			   " here: start bhyve with the same configuration",
			   name, saved, val);
}

void state_none(void *arg, struct state *s)
{
	(void)arg, (void)s;
}
