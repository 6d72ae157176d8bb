/* SPDX-License-Identifier: BSD-2-Clause */
/* Disassembles A32 and T32 instructions by capstone. */
#include <capstone/capstone.h>
#include <stdio.h>
#include "bhyve/arch.h"
#include "core/arm/cpu.h"

void arch_disassemble(uint64_t pc, uint64_t pstate, uint32_t insn,
		      uint32_t length, char text[ARCH_INSN_TEXTLEN])
{
	bool thumb = pstate & CPSR_T;
	/*
	 * In memory the first halfword of a 4-byte Thumb instruction comes
	 * first.
	 */
	uint32_t word = thumb && length == 4 ? insn << 16 | insn >> 16 : insn;
	/* Instructions are little-endian, whatever the guest's data is. */
	const uint8_t code[] = { word & 0xff, word >> 8 & 0xff,
				 word >> 16 & 0xff, word >> 24 };
	csh handle;
	cs_insn *found;

	snprintf(text, ARCH_INSN_TEXTLEN, "no instruction");
	if (cs_open(CS_ARCH_ARM, thumb ? CS_MODE_THUMB : CS_MODE_ARM, &handle))
		return;
	if (cs_disasm(handle, code, length, pc, 1, &found)) {
		snprintf(text, ARCH_INSN_TEXTLEN, "%s %s", found->mnemonic,
			 found->op_str);
		cs_free(found, 1);
	}
	cs_close(&handle);
}
