/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes 16-bit Thumb encodings of loads and stores. */
#include "core/arm/insn_decode.h"

#define bits  insn_bits
#define bits8 insn_bits8
#define bit   insn_bit

/* [Rn, Rm]: opB (bits 11:9) selects the instruction. */
static bool t16_register_offset(uint32_t insn, struct arm_insn *out)
{
	static const uint8_t sizes[8] = { 4, 2, 1, 1, 4, 2, 1, 2 };
	unsigned int op = bits(insn, 11, 9);

	out->kind = ARM_INSN_SINGLE;
	out->size = sizes[op];
	out->load = op >= 3;
	out->sign = op == 3 || op == 7;
	out->index = true;
	out->add = true;
	out->reg_offset = true;
	out->rm = bits8(insn, 8, 6);
	out->rn = bits8(insn, 5, 3);
	out->rt = bits8(insn, 2, 0);
	return true;
}

/* [Rn, #imm]; imm is a non-negative number of bytes. */
static bool t16_immediate(struct arm_insn *out, uint8_t rn, uint8_t rt,
			  uint8_t size, unsigned int imm, bool load)
{
	out->kind = ARM_INSN_SINGLE;
	out->size = size;
	out->load = load;
	out->index = true;
	out->add = true;
	out->rn = rn;
	out->rt = rt;
	out->imm = imm;
	out->align4 = rn == 15;
	return true;
}

static bool t16_immediate5(uint32_t insn, struct arm_insn *out, uint8_t size)
{
	return t16_immediate(out, bits8(insn, 5, 3), bits8(insn, 2, 0), size,
			     bits(insn, 10, 6) * size, bit(insn, 11));
}

static bool t16_multiple(struct arm_insn *out, uint8_t rn, uint16_t list,
			 bool load)
{
	out->kind = ARM_INSN_MULTIPLE;
	out->rn = rn;
	out->list = list;
	out->load = load;
	out->add = true;
	out->wback = true;
	return list != 0;
}

/* PUSH and POP; bit 8 adds LR or PC. */
static bool t16_push_pop(uint32_t insn, struct arm_insn *out)
{
	bool load = bit(insn, 11);
	uint16_t list = bits8(insn, 7, 0);

	if (bits(insn, 10, 9) != 2)
		return false;
	if (bit(insn, 8))
		list |= load ? 0x8000 : 0x4000;
	if (!t16_multiple(out, 13, list, load))
		return false;
	/* PUSH is STMDB, POP is LDMIA. */
	out->add = load;
	out->before = !load;
	return true;
}

/*
 * LDM with its base in the list has no writeback, which is the same as having
 * the loaded value overwrite it.
 */
static bool t16_ldm_stm(uint32_t insn, struct arm_insn *out)
{
	return t16_multiple(out, bits8(insn, 10, 8), bits8(insn, 7, 0),
			    bit(insn, 11));
}

bool arm_decode_t16(uint32_t insn, struct arm_insn *out)
{
	uint8_t rt = bits8(insn, 10, 8);
	unsigned int imm8 = bits(insn, 7, 0);

	switch (bits(insn, 15, 12)) {
	case 4:
		return bit(insn, 11) &&
		       t16_immediate(out, 15, rt, 4, imm8 * 4, true);
	case 5:
		return t16_register_offset(insn, out);
	case 6:
		return t16_immediate5(insn, out, 4);
	case 7:
		return t16_immediate5(insn, out, 1);
	case 8:
		return t16_immediate5(insn, out, 2);
	case 9:
		return t16_immediate(out, 13, rt, 4, imm8 * 4, bit(insn, 11));
	case 11:
		return t16_push_pop(insn, out);
	case 12:
		return t16_ldm_stm(insn, out);
	}
	return false;
}
