// SPDX-License-Identifier: BSD-2-Clause
/* Sets up posted device memory. */
#include "core/posted.h"

void posted_set(struct posted *p, const uint32_t bits[VM_POSTED_WORDS / 32],
		uint8_t what)
{
	for (unsigned int i = 0; i < VM_POSTED_WORDS; i++)
		if (bits[i / 32] >> i % 32 & 1)
			p->words[i] |= what;
}
