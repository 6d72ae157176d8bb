/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's state on its way into a snapshot, or out of one. A device has one
 * function that lists its fields, for both directions, so that what is loaded is
 * what was saved:
 *
 *	static void pl031_state(void *arg, struct state *s)
 *	{
 *		struct pl031 *rtc = arg;
 *
 *		STATE(s, rtc, mr);
 *		STATE_MAX(s, rtc, ris, 1);
 *	}
 *
 * What is loaded may have been made up by anybody. Each field is checked when it
 * is read; the first fault is kept, later fields then stay as they are, and the
 * guest does not start. A device that was loaded up to a fault is not used.
 *
 * Fields are little-endian, one behind the other, without names.
 */
#ifndef BHYVE_STATE_H
#define BHYVE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATE_ERROR_LEN 160
#define STATE_MAX_LEN	0x100000 /* bytes of one device's state */

struct state {
	bool loading;
	/*
	 * Of the list of fields: 1, unless the device has called state_version().
	 * While loading it is the version that was saved.
	 */
	uint32_t version;
	uint32_t newest; /* loading: the newest that this device knows */
	uint8_t *data;	 /* saving: allocated; loading: the caller's */
	size_t len, room;
	size_t at;		     /* loading: bytes that were read */
	char error[STATE_ERROR_LEN]; /* empty: none so far */
};

/*
 * Begins to save, into memory that state_free() frees; or to load @len bytes at
 * @data, which were saved as @version. A state has to be freed in either case.
 */
void state_begin_save(struct state *s);
void state_begin_load(struct state *s, const void *data, size_t len,
		      uint32_t version);
void state_free(struct state *s);

/*
 * Ends it: what was loaded must have been read to its end. True if nothing was
 * wrong; else s->error says what.
 */
bool state_end(struct state *s);

/* Whether nothing has been wrong so far. */
bool state_is_good(const struct state *s);

/* Loading, and nothing has been wrong so far: the device may act on its fields. */
bool state_is_loaded(const struct state *s);

/* Notes what is wrong, unless something was before. */
void state_fail(struct state *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * To be called first by a device whose list of fields has grown: @newest is its
 * number, and s->version then tells which fields there are.
 */
void state_version(struct state *s, uint32_t newest);

/* A number of @size bytes (1, 2, 4 or 8) that is at most @max. */
void state_number(struct state *s, const char *name, void *val, size_t size,
		  uint64_t max);

/* @len bytes, of any value. */
void state_bytes(struct state *s, const char *name, void *data, size_t len);

/*
 * A number that this machine must have as well as the one that was saved, such as
 * the size of a disk.
 */
void state_same(struct state *s, const char *name, uint64_t val);

/* For a device that has no state. */
void state_none(void *arg, struct state *s);

/* The member @field of the structure that @obj points to; of any value, but a bool
 * is 0 or 1. */
#define STATE(s, obj, field)                                         \
	state_number(s, #field, &(obj)->field, sizeof((obj)->field), \
		     _Generic((obj)->field, bool : 1, default        \
			      : UINT64_MAX))

/* The same, at most @max. */
#define STATE_MAX(s, obj, field, max) \
	state_number(s, #field, &(obj)->field, sizeof((obj)->field), (max))

#endif /* BHYVE_STATE_H */
