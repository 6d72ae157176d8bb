/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes ARM encodings of loads and stores. */
#include "core/arm/insn_decode.h"
#include "core/arm/cond.h"

#define bits  insn_bits
#define bits8 insn_bits8
#define bit   insn_bit

/* P, U, W, Rn and Rt are at the same place in all loads and stores. */
static void a32_common(uint32_t insn, struct arm_insn *out)
{
	out->index = bit(insn, 24);
	out->add = bit(insn, 23);
	out->wback = !out->index || bit(insn, 21);
	out->load = bit(insn, 20);
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, 15, 12);
}

/* Post-indexed with W set means the unprivileged form. */
static bool a32_is_unpriv(uint32_t insn)
{
	return !bit(insn, 24) && bit(insn, 21);
}

static bool a32_base_ok(const struct arm_insn *out)
{
	return !out->wback || out->rn != 15;
}

/* LDR, STR, LDRB, STRB and their T forms. */
static bool a32_single(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_SINGLE;
	a32_common(insn, out);
	out->size = bit(insn, 22) ? 1 : 4;
	out->unpriv = a32_is_unpriv(insn);
	out->reg_offset = bit(insn, 25);
	if (out->reg_offset) {
		out->rm = bits8(insn, 3, 0);
		arm_decode_shift(out, bits8(insn, 6, 5), bits8(insn, 11, 7));
		if (out->rm == 15)
			return false;
	} else {
		out->imm = bits(insn, 11, 0);
	}
	if (out->rt == 15 && (out->size == 1 || out->unpriv))
		return false;
	return a32_base_ok(out);
}

/* LDRD and STRD have L = 0; bit 5 is the direction. */
static bool a32_dual(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_DUAL;
	out->load = !bit(insn, 5);
	out->size = 4;
	out->rt2 = out->rt + 1;
	return !(out->rt & 1) && out->rt2 != 15 && !a32_is_unpriv(insn);
}

/* Extra load/store instructions: halfwords, signed data, doublewords. */
static bool a32_extra(uint32_t insn, struct arm_insn *out)
{
	unsigned int op = bits(insn, 6, 5);

	out->kind = ARM_INSN_SINGLE;
	a32_common(insn, out);
	out->reg_offset = !bit(insn, 22);
	if (out->reg_offset)
		out->rm = bits8(insn, 3, 0);
	else
		out->imm = bits(insn, 11, 8) << 4 | bits(insn, 3, 0);
	if (!a32_base_ok(out) || out->rm == 15)
		return false;
	if (!out->load && op != 1)
		return a32_dual(insn, out);
	out->unpriv = a32_is_unpriv(insn);
	out->sign = op & 2;
	out->size = op == 2 ? 1 : 2;
	return out->rt != 15;
}

static bool a32_swap(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_SWAP;
	out->size = bit(insn, 22) ? 1 : 4;
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, 15, 12);
	out->rt2 = bits8(insn, 3, 0);
	return out->rn != 15 && out->rt != 15 && out->rt2 != 15 &&
	       out->rn != out->rt && out->rn != out->rt2;
}

/* LDREX and STREX: bits 22:21 select word, doubleword, byte, halfword. */
static bool a32_exclusive(uint32_t insn, struct arm_insn *out)
{
	static const uint8_t sizes[4] = { 4, 8, 1, 2 };

	out->kind = ARM_INSN_EXCLUSIVE;
	out->load = bit(insn, 20);
	out->size = sizes[bits(insn, 22, 21)];
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, out->load ? 15 : 3, out->load ? 12 : 0);
	out->rt2 = out->rt + 1;
	out->rd = out->load ? 0 : bits8(insn, 15, 12);
	if (out->rn == 15 || out->rt == 15 || out->rd == 15)
		return false;
	if (out->size == 8 && ((out->rt & 1) || out->rt == 14))
		return false;
	if (out->load)
		return bits(insn, 3, 0) == 15;
	return out->rd != out->rn && out->rd != out->rt &&
	       (out->size != 8 || out->rd != out->rt2);
}

/* Synchronization primitives. */
static bool a32_synchronization(uint32_t insn, struct arm_insn *out)
{
	if (bits(insn, 11, 8) == 15 && bit(insn, 23))
		return a32_exclusive(insn, out);
	if (bits(insn, 11, 8) == 0 && !bit(insn, 23) && bits(insn, 21, 20) == 0)
		return a32_swap(insn, out);
	return false;
}

/* LDM, STM, with ^ and without. */
static bool a32_multiple(uint32_t insn, struct arm_insn *out)
{
	bool exception_return;

	out->kind = ARM_INSN_MULTIPLE;
	a32_common(insn, out);
	out->before = out->index;
	out->wback = bit(insn, 21);
	out->caret = bit(insn, 22);
	out->list = (uint16_t)insn;
	exception_return = out->load && (out->list & 0x8000);
	if (out->rn == 15 || out->list == 0)
		return false;
	/* LDM and STM of User mode registers have no writeback. */
	return !out->caret || exception_return || !out->wback;
}

static bool a32_srs(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_SRS;
	out->before = bit(insn, 24);
	out->add = bit(insn, 23);
	out->wback = bit(insn, 21);
	out->mode = bits8(insn, 4, 0);
	return bits(insn, 19, 5) == 0x6828;
}

static bool a32_rfe(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_RFE;
	out->load = true;
	out->before = bit(insn, 24);
	out->add = bit(insn, 23);
	out->wback = bit(insn, 21);
	out->rn = bits8(insn, 19, 16);
	return out->rn != 15 && bits(insn, 15, 0) == 0x0a00;
}

/* PLD, PLDW, PLI, and the encodings reserved for more such hints. */
static bool a32_hint(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_HINT;
	return bits(insn, 21, 20) == 1 && !(bit(insn, 25) && bit(insn, 4));
}

/* Unconditional instructions: the condition field is 0b1111. */
static bool a32_unconditional(uint32_t insn, struct arm_insn *out)
{
	switch (bits(insn, 27, 25)) {
	case 2:
		if (bit(insn, 24) || bit(insn, 20))
			return a32_hint(insn, out);
		return arm_decode_neon(insn, out);
	case 3:
		return a32_hint(insn, out);
	case 4:
		if (bit(insn, 22) && !bit(insn, 20))
			return a32_srs(insn, out);
		return !bit(insn, 22) && bit(insn, 20) && a32_rfe(insn, out);
	}
	return false;
}

/* Instructions with bits 7 and 4 set in the data-processing space. */
static bool a32_miscellaneous(uint32_t insn, struct arm_insn *out)
{
	if (!bit(insn, 7) || !bit(insn, 4))
		return false;
	if (bits(insn, 6, 5) != 0)
		return a32_extra(insn, out);
	return bit(insn, 24) && a32_synchronization(insn, out);
}

bool arm_decode_a32(uint32_t insn, struct arm_insn *out)
{
	if (bits(insn, 31, 28) == 15)
		return a32_unconditional(insn, out);
	out->cond = bits8(insn, 31, 28);
	switch (bits(insn, 27, 25)) {
	case 0:
		return a32_miscellaneous(insn, out);
	case 2:
		return a32_single(insn, out);
	case 3:
		/* With bit 4 set it is a media instruction. */
		return !bit(insn, 4) && a32_single(insn, out);
	case 4:
		return a32_multiple(insn, out);
	case 6:
		return arm_decode_coproc(insn, out);
	}
	return false;
}
