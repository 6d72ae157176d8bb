/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes the CP15 writes that the model needs to know, in ARM and Thumb. */
#ifndef COHERENCE_DECODE_H
#define COHERENCE_DECODE_H

#include "caches.h"

struct cp15_write {
	enum maintenance op;
	bool thumb;
	uint8_t cond; /* AL in Thumb */
	uint8_t rt;   /* has the address */
};

/*
 * word: the four bytes of an instruction in memory, as a little-endian number.
 */
struct cp15_write decode_cp15(uint32_t word);

#endif /* COHERENCE_DECODE_H */
