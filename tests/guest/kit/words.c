/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include "print.h"
#include "words.h"

static bool same(const struct word *a, const struct word *b)
{
	return a->is == b->is && a->ones == b->ones && a->zeros == b->zeros;
}

static void print_range(const char *name, uint32_t from, uint32_t to,
			const struct word *word)
{
	if (!word->is && !word->ones && !word->zeros)
		return;
	print("%s %x", name, from);
	if (to != from)
		print(" to %x", to);
	print(" is %x ones %x zeros %x\n", word->is, word->ones, word->zeros);
}

void print_words(const char *name, look_at_word *look, uint32_t base,
		 uint32_t from, uint32_t end)
{
	struct word word = look(base, from), next;
	uint32_t first = from, offset;

	for (offset = from + 4; offset < end; offset += 4) {
		next = look(base, offset);
		if (same(&word, &next))
			continue;
		print_range(name, first, offset - 4, &word);
		first = offset;
		word = next;
	}
	print_range(name, first, offset - 4, &word);
}
