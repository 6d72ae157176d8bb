/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints what each word of a device reads as, for comparison with QEMU. */
#ifndef KIT_WORDS_H
#define KIT_WORDS_H

#include <stdint.h>

/* At first, after writing all ones, and after writing zero. */
struct word {
	uint32_t is, ones, zeros;
};

typedef struct word look_at_word(uint32_t base, uint32_t offset);

/* Adjacent words that behave the same share a line; words of zeros have none. */
void print_words(const char *name, look_at_word *look, uint32_t base,
		 uint32_t from, uint32_t end);

#endif
