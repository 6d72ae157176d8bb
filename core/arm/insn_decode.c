/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/arm/insn_decode.h"
#include "core/arm/cond.h"

bool arm_thumb_is_32(uint16_t first)
{
	return (first >> 11) >= 0x1d;
}

void arm_decode_shift(struct arm_insn *out, uint8_t type, uint8_t imm5)
{
	out->shift = type;
	out->shift_n = imm5;
	if (imm5 != 0 || type == 0)
		return;
	if (type == 3) {
		out->shift = 4;
		out->shift_n = 1;
	} else {
		out->shift_n = 32;
	}
}

int arm_insn_decode(uint32_t insn, bool thumb, unsigned int len,
		    struct arm_insn *out)
{
	static const struct arm_insn none;
	bool ok;

	*out = none;
	out->len = (uint8_t)len;
	out->thumb = thumb;
	out->cond = ARM_COND_AL;
	out->align = 1;
	if (!thumb)
		ok = arm_decode_a32(insn, out);
	else if (len == 2)
		ok = arm_decode_t16(insn, out);
	else
		ok = arm_decode_t32(insn, out);
	return ok ? ARM_INSN_OK : ARM_INSN_UNDEF;
}
