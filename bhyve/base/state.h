/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saves a device's state into a snapshot, and loads it from one. A device has one
 * function that lists its fields. It serves both directions, so that exactly what
 * was saved is loaded:
 *
 *	static void pl031_state(void *arg, struct state *s)
 *	{
 *		struct pl031 *rtc = arg;
 *
 *		STATE(s, rtc, mr);
 *		STATE_MAX(s, rtc, ris, 1);
 *	}
 *
 * Anybody may have made a snapshot, so each field is checked when it is loaded.
 * After the first fault no further field is loaded, and the guest does not start,
 * so nobody uses a device that was loaded in part.
 *
 * In the snapshot, fields are little-endian and follow each other without names.
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
	bool comparing; /* loading; but nothing may act on what is loaded */
	/*
	 * Version of the list of fields. Saving: 1, unless the device has called
	 * state_version(). Loading: the version that was saved.
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
 * The same as state_begin_load(), to find out whether the state could be loaded. The
 * fields get their values, on which no device acts; afterwards the caller loads the
 * device's own state again in the same way.
 */
void state_begin_compare(struct state *s, const void *data, size_t len,
			 uint32_t version);

/*
 * Ends saving or loading. When loading, the device must have read all data.
 * Returns true if nothing was wrong; otherwise s->error says what was.
 */
bool state_end(struct state *s);

/* Whether no fault was found so far. */
bool state_is_good(const struct state *s);

/*
 * True when loading, if no fault was found so far: only then may the device act on
 * its fields. state_is_read() is true also when only comparing: a device may then
 * check its fields further.
 */
bool state_is_loaded(const struct state *s);
bool state_is_read(const struct state *s);

/* Notes what is wrong; only the first such note is kept. */
void state_fail(struct state *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A device whose list of fields has grown calls this before it lists them.
 * @newest is the version of the list; afterwards s->version tells which fields
 * the snapshot has.
 */
void state_version(struct state *s, uint32_t newest);

/* Saves or loads a number of @size bytes (1, 2, 4 or 8) that is at most @max. */
void state_number(struct state *s, const char *name, void *val, size_t size,
		  uint64_t max);

/* Saves or loads @len bytes of any value. */
void state_bytes(struct state *s, const char *name, void *data, size_t len);

/*
 * Saves a number, or compares the saved one with @val. They must be equal: a
 * disk, for example, must have the same size as when it was saved.
 */
void state_same(struct state *s, const char *name, uint64_t val);

/* The function of a device that has no state. */
void state_none(void *arg, struct state *s);

/*
 * Saves or loads the member @field of *@obj. A bool must be 0 or 1; other types may
 * have any value.
 */
#define STATE(s, obj, field)                                         \
	state_number(s, #field, &(obj)->field, sizeof((obj)->field), \
		     _Generic((obj)->field, bool : 1, default        \
			      : UINT64_MAX))

/* The same, at most @max. */
#define STATE_MAX(s, obj, field, max) \
	state_number(s, #field, &(obj)->field, sizeof((obj)->field), (max))

#endif /* BHYVE_STATE_H */
