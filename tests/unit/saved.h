/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests of devices: what they save is kept, and is loaded into devices that were
 * made anew.
 */
#ifndef TESTS_UNIT_SAVED_H
#define TESTS_UNIT_SAVED_H

#include <stdlib.h>
#include <string.h>
#include "bhyve/machine/device.h"

#define SAVED_DEVICES 32

static struct state saved[SAVED_DEVICES];

/* Saves all devices; each must be able to. */
static inline void save_all(void)
{
	const struct device *d;

	for (unsigned int i = 0; (d = nth_device(i)); i++) {
		assert_in_range(i, 0, SAVED_DEVICES - 1);
		state_begin_save(&saved[i]);
		d->state(d->arg, &saved[i]);
		assert_true(state_end(&saved[i]));
	}
}

/* Loads one of them into the device of the same number; the error, or "". */
static inline const char *load_one(unsigned int i)
{
	const struct device *d = nth_device(i);
	static struct state s;

	assert_non_null(d);
	state_begin_load(&s, saved[i].data, saved[i].len, saved[i].version);
	d->state(d->arg, &s);
	state_end(&s);
	return s.error;
}

static inline void load_all(void)
{
	for (unsigned int i = 0; nth_device(i); i++)
		assert_string_equal(load_one(i), "");
}

static inline void forget_saved(void)
{
	for (unsigned int i = 0; i < SAVED_DEVICES; i++)
		free(saved[i].data);
	memset(saved, 0, sizeof(saved));
}

/*
 * Whatever one byte of what was saved becomes, the device takes it or names a fault;
 * the sanitizers watch.
 */
static inline void load_damaged(int (*again)(void **state))
{
	for (unsigned int i = 0; i < SAVED_DEVICES && saved[i].data; i++)
		for (size_t at = 0; at < saved[i].len; at++) {
			uint8_t was = saved[i].data[at];

			saved[i].data[at] = was ^ 0xff;
			again(NULL);
			load_one(i);
			saved[i].data[at] = was;
		}
}

#endif /* TESTS_UNIT_SAVED_H */
