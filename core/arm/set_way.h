/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of a guest's cache maintenance by set and way has to be carried out.
 *
 * Set and way name a line of one CPU's caches, but a vCPU may be on another CPU
 * at the next instruction. So a whole pass over the lines is carried out at one of
 * its operations, by a flush of all memory of the guest. The others of the pass
 * have nothing to do. An operation that comes again with the same operand belongs
 * to another pass, and the guest may have written in between. It is the one at
 * which the next pass is carried out, so each pass has a flush, whatever its order
 * (DDI 0406C, B2.2, set/way operations).
 *
 * A guest whose caches are off writes past them, and leaves nothing to clean.
 */
#ifndef CORE_ARM_SET_WAY_H
#define CORE_ARM_SET_WAY_H

#include "core/types.h"

/* Bit 0 of an operand should be zero, so that no line has this one. */
#define SET_WAY_NONE 1u

/* Of one vCPU. All zero: the next operation has to be carried out. */
struct set_way {
	uint32_t flushed; /* what was in the caches is in memory */
	uint32_t operand; /* at which that was done, or SET_WAY_NONE */
};

/* The guest goes on with its caches on: its next operation begins a pass. */
static inline void set_way_forget(struct set_way *sw)
{
	sw->flushed = 0;
}

/*
 * The guest's memory has been flushed: for the operation with this operand, or,
 * SET_WAY_NONE, because the vCPU's caches are off.
 */
static inline void set_way_flushed(struct set_way *sw, uint32_t operand)
{
	sw->flushed = 1;
	sw->operand = operand;
}

/* Whether the operation with this operand has nothing to do. */
static inline bool set_way_is_done(const struct set_way *sw, uint32_t operand)
{
	return sw->flushed && operand != sw->operand;
}

#endif /* CORE_ARM_SET_WAY_H */
