/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes 32-bit Thumb encodings of loads and stores. The first halfword is in
 * bits 31:16.
 */
#include "core/arm/insn_decode.h"

#define bits  insn_bits
#define bits8 insn_bits8
#define bit   insn_bit

/* SP and PC are not allowed for data smaller than a word (BadReg()). */
static bool t32_bad_reg(unsigned int r)
{
	return r == 13 || r == 15;
}

/* LDM and STM: bits 24:23 are 01 for IA and 10 for DB. */
static bool t32_multiple(uint32_t insn, struct arm_insn *out)
{
	unsigned int forbidden;

	out->kind = ARM_INSN_MULTIPLE;
	out->add = bit(insn, 23);
	out->before = !out->add;
	out->wback = bit(insn, 21);
	out->load = bit(insn, 20);
	out->rn = bits8(insn, 19, 16);
	out->list = (uint16_t)insn;
	forbidden = out->load ? 0x2000 : 0xa000; /* SP; PC in a store */
	return out->rn != 15 && out->list != 0 && !(out->list & forbidden) &&
	       (out->list & 0xc000) != 0xc000;
}

/* SRS and RFE have equal bits 24:23: 00 for DB and 11 for IA. */
static bool t32_srs_rfe(uint32_t insn, struct arm_insn *out)
{
	out->load = bit(insn, 20);
	out->add = bit(insn, 23);
	out->before = !out->add;
	out->wback = bit(insn, 21);
	out->rn = bits8(insn, 19, 16);
	if (out->load) {
		out->kind = ARM_INSN_RFE;
		return out->rn != 15 && bits(insn, 15, 0) == 0xc000;
	}
	out->kind = ARM_INSN_SRS;
	out->mode = bits8(insn, 4, 0);
	return out->rn == 13 && bits(insn, 15, 5) == 0x600;
}

static bool t32_dual(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_DUAL;
	out->size = 4;
	out->index = bit(insn, 24);
	out->add = bit(insn, 23);
	out->wback = bit(insn, 21);
	out->load = bit(insn, 20);
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, 15, 12);
	out->rt2 = bits8(insn, 11, 8);
	out->imm = bits(insn, 7, 0) * 4;
	out->align4 = out->rn == 15;
	if (out->rn == 15 && (out->wback || !out->load))
		return false;
	return !t32_bad_reg(out->rt) && !t32_bad_reg(out->rt2) &&
	       !(out->load && out->rt == out->rt2);
}

static bool t32_exclusive_ok(const struct arm_insn *out)
{
	if (out->rn == 15 || t32_bad_reg(out->rt))
		return false;
	if (out->size == 8 && t32_bad_reg(out->rt2))
		return false;
	if (out->load)
		return out->size != 8 || out->rt != out->rt2;
	return !t32_bad_reg(out->rd) && out->rd != out->rn &&
	       out->rd != out->rt && !(out->size == 8 && out->rd == out->rt2);
}

/* LDREX and STREX of a word are the only ones with an offset. */
static bool t32_exclusive_word(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_EXCLUSIVE;
	out->load = bit(insn, 20);
	out->size = 4;
	out->add = true;
	out->imm = bits(insn, 7, 0) * 4;
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, 15, 12);
	out->rd = bits8(insn, 11, 8);
	if (out->load && out->rd != 15)
		return false;
	return t32_exclusive_ok(out);
}

/* Exclusive byte, halfword or doubleword, by bits 5:4. */
static bool t32_exclusive(uint32_t insn, struct arm_insn *out)
{
	static const uint8_t sizes[4] = { 1, 2, 0, 8 };

	out->kind = ARM_INSN_EXCLUSIVE;
	out->load = bit(insn, 20);
	out->size = sizes[bits(insn, 5, 4)];
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, 15, 12);
	out->rt2 = bits8(insn, 11, 8);
	out->rd = bits8(insn, 3, 0);
	if (out->size == 0 || (out->size != 8 && out->rt2 != 15) ||
	    (out->load && out->rd != 15))
		return false;
	return t32_exclusive_ok(out);
}

static bool t32_table_branch(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_TABLE_BRANCH;
	out->load = true;
	out->size = bit(insn, 4) ? 2 : 1;
	out->index = true;
	out->add = true;
	out->reg_offset = true;
	out->shift_n = bit(insn, 4);
	out->rn = bits8(insn, 19, 16);
	out->rm = bits8(insn, 3, 0);
	return bits(insn, 15, 8) == 0xf0 && out->rn != 13 &&
	       !t32_bad_reg(out->rm);
}

/* Load/store dual, exclusive, table branch. */
static bool t32_dual_exclusive(uint32_t insn, struct arm_insn *out)
{
	unsigned int op3 = bits(insn, 7, 4);

	if (bit(insn, 24) || bit(insn, 21))
		return t32_dual(insn, out);
	if (!bit(insn, 23))
		return t32_exclusive_word(insn, out);
	if (bit(insn, 20) && op3 <= 1)
		return t32_table_branch(insn, out);
	return (op3 >> 2) == 1 && t32_exclusive(insn, out);
}

/* Rt is 15: with a byte or halfword it is a preload or an unallocated hint. */
static bool t32_preload(struct arm_insn *out)
{
	out->kind = ARM_INSN_HINT;
	return true;
}

/* [Rn, #+/-imm8] with P, U, W in bits 10:8, and its unprivileged form. */
static bool t32_immediate8(uint32_t insn, struct arm_insn *out)
{
	out->index = bit(insn, 10);
	out->add = bit(insn, 9);
	out->wback = bit(insn, 8);
	out->imm = bits(insn, 7, 0);
	out->unpriv = out->index && out->add && !out->wback;
	return out->index || out->wback;
}

static bool t32_register_offset(uint32_t insn, struct arm_insn *out)
{
	out->index = true;
	out->add = true;
	out->reg_offset = true;
	out->rm = bits8(insn, 3, 0);
	out->shift_n = bits8(insn, 5, 4);
	return bits(insn, 10, 6) == 0 && !t32_bad_reg(out->rm);
}

static bool t32_immediate12(uint32_t insn, struct arm_insn *out, bool add)
{
	out->index = true;
	out->add = add;
	out->imm = bits(insn, 11, 0);
	return true;
}

static bool t32_address(uint32_t insn, struct arm_insn *out)
{
	if (out->rn == 15) {
		out->align4 = true;
		return out->load && t32_immediate12(insn, out, bit(insn, 23));
	}
	if (bit(insn, 23))
		return t32_immediate12(insn, out, true);
	if (bit(insn, 11))
		return t32_immediate8(insn, out);
	return t32_register_offset(insn, out);
}

static bool t32_is_preload(const struct arm_insn *out)
{
	return out->load && out->size != 4 && out->rt == 15 && !out->wback &&
	       !out->unpriv;
}

/* Single loads and stores: bit 24 signed, bits 22:21 size, bit 20 load. */
static bool t32_single(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_SINGLE;
	out->sign = bit(insn, 24);
	out->size = 1 << bits(insn, 22, 21);
	out->load = bit(insn, 20);
	out->rn = bits8(insn, 19, 16);
	out->rt = bits8(insn, 15, 12);
	if (out->size == 8 || (out->sign && (!out->load || out->size == 4)))
		return false;
	if (!t32_address(insn, out))
		return false;
	if (t32_is_preload(out))
		return t32_preload(out);
	if (out->size == 4 && out->load)
		return out->rt != 15 || !out->unpriv;
	return out->rt != 15;
}

static bool t32_load_store_block(uint32_t insn, struct arm_insn *out)
{
	if (bit(insn, 22))
		return t32_dual_exclusive(insn, out);
	if (bit(insn, 24) == bit(insn, 23))
		return t32_srs_rfe(insn, out);
	return t32_multiple(insn, out);
}

bool arm_decode_t32(uint32_t insn, struct arm_insn *out)
{
	switch (bits(insn, 31, 25)) {
	case 0x74: /* 1110 100 */
		return t32_load_store_block(insn, out);
	case 0x76: /* 1110 110 */
		return arm_decode_coproc(insn, out);
	case 0x7c: /* 1111 100 */
		if (bit(insn, 24) && !bit(insn, 20))
			return arm_decode_neon(insn, out);
		return t32_single(insn, out);
	}
	return false;
}
