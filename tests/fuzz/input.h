/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes the fuzzer's input from the front. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct input {
	const uint8_t *data;
	size_t left; /* in bytes */
};

/*
 * Copies up to @n bytes to @to, as many as are left; the rest of @to stays as
 * it is.
 */
static inline void input_copy(struct input *in, void *to, size_t n)
{
	size_t have = n < in->left ? n : in->left;

	if (have)
		memcpy(to, in->data, have);
	in->data += have;
	in->left -= have;
}

/* The same, but missing bytes are zero. */
static inline void input_take(struct input *in, void *to, size_t n)
{
	memset(to, 0, n);
	input_copy(in, to, n);
}

/* A little-endian number of up to 4 bytes. */
static inline uint32_t input_number(struct input *in, size_t bytes)
{
	uint32_t val = 0;

	input_take(in, &val, bytes);
	return val;
}

#endif /* TESTS_FUZZ_INPUT_H */
