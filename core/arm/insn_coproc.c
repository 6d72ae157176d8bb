/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes coprocessor loads and stores: LDC and STC to CP14, and VFP's. ARM and
 * Thumb encodings have the same bits 27:0.
 */
#include "core/arm/insn_decode.h"

#define bits  insn_bits
#define bits8 insn_bits8
#define bit   insn_bit

#define CP14_DBGDTR 5 /* the only CRd that LDC and STC can access */

/* LDC to DBGDTRTXint, STC of DBGDTRRXint (DDI 0406C, LDC and STC). */
static bool coproc_cp14(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_CP14;
	out->size = 4;
	out->index = bit(insn, 24);
	out->add = bit(insn, 23);
	out->wback = bit(insn, 21);
	/* Unindexed form: the immediate is an option for the coprocessor. */
	if (out->index || out->wback)
		out->imm = bits(insn, 7, 0) * 4;
	else if (!out->add)
		return false;
	return bits(insn, 15, 12) == CP14_DBGDTR && !bit(insn, 22) &&
	       !(out->rn == 15 && (out->wback || !out->load));
}

/* Vd:D or D:Vd, by size. All registers of the list must exist. */
static bool coproc_vfp_registers(uint32_t insn, struct arm_insn *out)
{
	unsigned int vd = bits(insn, 15, 12);
	unsigned int d = bit(insn, 22);

	out->vd = (uint8_t)(out->size == 8 ? d << 4 | vd : vd << 1 | d);
	return out->count != 0 && out->vd + out->count <= 32;
}

/* VLDM, VSTM. */
static bool coproc_vfp_multiple(uint32_t insn, struct arm_insn *out)
{
	uint8_t imm8 = bits8(insn, 7, 0);

	/*
	 * FLDMX and FSTMX have an odd imm8, which moves the base by one more
	 * word.
	 */
	out->count = out->size == 8 ? imm8 / 2 : imm8;
	out->imm = imm8 * 4;
	out->wback = bit(insn, 21);
	if (out->index == out->add || (out->index && !out->wback))
		return false;
	if (out->rn == 15 && (out->wback || out->thumb))
		return false;
	return (out->size == 4 || out->count <= 16) &&
	       coproc_vfp_registers(insn, out);
}

/* VLDR, VSTR: P set, W clear. */
static bool coproc_vfp_single(uint32_t insn, struct arm_insn *out)
{
	out->count = 1;
	out->imm = bits(insn, 7, 0) * 4;
	if (out->rn == 15 && out->thumb && !out->load)
		return false;
	return coproc_vfp_registers(insn, out);
}

static bool coproc_vfp(uint32_t insn, struct arm_insn *out)
{
	out->kind = ARM_INSN_VFP;
	out->size = bit(insn, 8) ? 8 : 4;
	out->index = bit(insn, 24);
	out->add = bit(insn, 23);
	if (out->index && !bit(insn, 21))
		return coproc_vfp_single(insn, out);
	return coproc_vfp_multiple(insn, out);
}

bool arm_decode_coproc(uint32_t insn, struct arm_insn *out)
{
	out->load = bit(insn, 20);
	out->rn = bits8(insn, 19, 16);
	out->align4 = out->rn == 15;
	switch (bits(insn, 11, 8)) {
	case 10:
	case 11:
		return coproc_vfp(insn, out);
	case 14:
		return coproc_cp14(insn, out);
	}
	return false;
}
