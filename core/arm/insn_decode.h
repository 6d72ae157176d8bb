/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the decoder. Each gets *out zeroed except for len, thumb, cond
 * and align, and returns false if the encoding is UNDEFINED or not a load or
 * store.
 */
#ifndef CORE_ARM_INSN_DECODE_H
#define CORE_ARM_INSN_DECODE_H

#include "core/arm/insn.h"

static inline uint32_t insn_bits(uint32_t insn, unsigned int hi,
				 unsigned int lo)
{
	return (insn >> lo) & ((2u << (hi - lo)) - 1);
}

/* insn[hi:lo], at most eight bits: mostly a register number. */
static inline uint8_t insn_bits8(uint32_t insn, unsigned int hi,
				 unsigned int lo)
{
	return (uint8_t)insn_bits(insn, hi, lo);
}

static inline bool insn_bit(uint32_t insn, unsigned int n)
{
	return (insn >> n) & 1;
}

bool arm_decode_a32(uint32_t insn, struct arm_insn *out);
bool arm_decode_t16(uint32_t insn, struct arm_insn *out);
bool arm_decode_t32(uint32_t insn, struct arm_insn *out);

/*
 * Decodes bits 27:0 of coprocessor loads and stores, the same in ARM and Thumb.
 */
bool arm_decode_coproc(uint32_t insn, struct arm_insn *out);

/*
 * Decodes bits 23:0 of NEON element and structure loads and stores, likewise.
 */
bool arm_decode_neon(uint32_t insn, struct arm_insn *out);

/* The shift of a register offset (DecodeImmShift()). */
void arm_decode_shift(struct arm_insn *out, uint8_t type, uint8_t imm5);

#endif /* CORE_ARM_INSN_DECODE_H */
