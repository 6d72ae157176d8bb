/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes NEON element and structure loads and stores, VLD1 to VLD4 and VST1 to
 * VST4. A structure has nelem elements, one in each of nelem D registers; their
 * numbers are inc apart.
 */
#include "core/arm/insn_decode.h"

#define bits  insn_bits
#define bits8 insn_bits8
#define bit   insn_bit

/* Multiple structures, by the type field (bits 11:8). */
struct layout {
	uint8_t nelem; /* 0: UNDEFINED */
	uint8_t count; /* number of D registers for each element */
	uint8_t inc;
	/* which values of the align field are defined, one bit each */
	uint8_t aligns;
};

static const struct layout layouts[16] = {
	[0x0] = { 4, 1, 1, 0xf }, [0x1] = { 4, 1, 2, 0xf },
	[0x2] = { 1, 4, 1, 0xf }, [0x3] = { 2, 2, 2, 0xf },
	[0x4] = { 3, 1, 1, 0x3 }, [0x5] = { 3, 1, 2, 0x3 },
	[0x6] = { 1, 3, 1, 0x3 }, [0x7] = { 1, 1, 1, 0x3 },
	[0x8] = { 2, 1, 1, 0x7 }, [0x9] = { 2, 1, 2, 0x7 },
	[0xa] = { 1, 2, 1, 0x7 },
};

static bool neon_multiple(uint32_t insn, struct arm_insn *out)
{
	const struct layout *l = &layouts[bits(insn, 11, 8)];
	unsigned int align = bits(insn, 5, 4);

	out->kind = ARM_INSN_ELEMENTS;
	out->nelem = l->nelem;
	out->count = l->count;
	out->inc = l->inc;
	out->size = 1 << bits(insn, 7, 6);
	out->align = align ? 4 << align : 1;
	out->imm = 8 * l->nelem * l->count;
	/* Only VLD1 has 64-bit elements. */
	if (l->nelem == 0 || (out->size == 8 && l->nelem != 1))
		return false;
	return l->aligns & (1u << align);
}

static void neon_lane_index(struct arm_insn *out, unsigned int field,
			    unsigned int size)
{
	out->size = 1 << size;
	out->lane = (uint8_t)(field >> (size + 1));
	/* The bit below the lane number: the register numbers are two apart. */
	out->inc = size > 0 && ((field >> size) & 1) ? 2 : 1;
}

/* index_align of VLD1: the unused bit above the alignment must be zero. */
static bool neon_lane1(struct arm_insn *out, unsigned int field,
		       unsigned int size)
{
	unsigned int align = field & (size == 2 ? 3 : 1);

	if (out->inc != 1 || (size == 0 && align))
		return false;
	if (size == 2 && align != 0 && align != 3)
		return false;
	out->align = align ? out->size : 1;
	return true;
}

static bool neon_lane2(struct arm_insn *out, unsigned int field,
		       unsigned int size)
{
	if (size == 2 && (field & 2))
		return false;
	out->align = field & 1 ? 2 * out->size : 1;
	return true;
}

static bool neon_lane3(unsigned int field, unsigned int size)
{
	return (field & (size == 2 ? 3 : 1)) == 0;
}

static bool neon_lane4(struct arm_insn *out, unsigned int field,
		       unsigned int size)
{
	unsigned int align = field & (size == 2 ? 3 : 1);

	if (align == 3)
		return false;
	if (size == 2)
		out->align = align ? 4 << align : 1;
	else
		out->align = align ? 4 * out->size : 1;
	return true;
}

static bool neon_one_lane(uint32_t insn, struct arm_insn *out)
{
	unsigned int size = bits(insn, 11, 10);
	unsigned int field = bits(insn, 7, 4);

	out->kind = ARM_INSN_LANE;
	out->count = 1;
	neon_lane_index(out, field, size);
	out->imm = out->size * out->nelem;
	switch (out->nelem) {
	case 1:
		return neon_lane1(out, field, size);
	case 2:
		return neon_lane2(out, field, size);
	case 3:
		return neon_lane3(field, size);
	default:
		return neon_lane4(out, field, size);
	}
}

/* The alignment of VLDn to all lanes (bit a); false: UNDEFINED. */
static bool neon_all_lanes_align(struct arm_insn *out, unsigned int size)
{
	switch (out->nelem) {
	case 1:
		out->align = out->size;
		return size != 0;
	case 2:
		out->align = 2 * out->size;
		return true;
	case 3:
		return false;
	default:
		/* size 3 means 32-bit elements aligned to 16 bytes. */
		out->align = size >= 2 ? 4 << (size - 1) : 4 * out->size;
		return true;
	}
}

static bool neon_all_lanes(uint32_t insn, struct arm_insn *out)
{
	unsigned int size = bits(insn, 7, 6);
	bool a = bit(insn, 4);
	bool t = bit(insn, 5);

	out->kind = ARM_INSN_ALL_LANES;
	out->size = size == 3 ? 4 : 1 << size;
	out->inc = t ? 2 : 1;
	out->count = 1;
	/* T of VLD1: two consecutive registers. */
	if (out->nelem == 1) {
		out->count = out->inc;
		out->inc = 1;
	}
	out->imm = out->size * out->nelem;
	if (!out->load || (size == 3 && (out->nelem != 4 || !a)))
		return false;
	return !a || neon_all_lanes_align(out, size);
}

static bool neon_form(uint32_t insn, struct arm_insn *out)
{
	if (!bit(insn, 23))
		return neon_multiple(insn, out);
	out->nelem = bits8(insn, 9, 8) + 1;
	if (bits(insn, 11, 10) == 3)
		return neon_all_lanes(insn, out);
	return neon_one_lane(insn, out);
}

/* Rm: 15 no writeback, 13 by the number of bytes transferred, else by Rm. */
static void neon_writeback(uint32_t insn, struct arm_insn *out)
{
	out->rm = bits8(insn, 3, 0);
	out->wback = out->rm != 15;
	out->reg_offset = out->wback && out->rm != 13;
	out->add = true;
}

bool arm_decode_neon(uint32_t insn, struct arm_insn *out)
{
	out->load = bit(insn, 21);
	out->rn = bits8(insn, 19, 16);
	out->vd = bit(insn, 22) << 4 | bits8(insn, 15, 12);
	neon_writeback(insn, out);
	if (out->rn == 15 || !neon_form(insn, out))
		return false;
	return out->vd + (out->nelem - 1) * out->inc + out->count <= 32;
}
