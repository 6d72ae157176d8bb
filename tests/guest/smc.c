/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMC without the Security Extensions, and other instructions that a guest does
 * not have: each is UNDEFINED at its own address.
 */
#include "exception.h"
#include "sysreg.h"
#include "test.h"

asm(".arch_extension sec\n\t.arch_extension virt");

#define UNDEFINED(name, instruction)                                \
	do {                                                        \
		struct trap trap_;                                  \
		uint32_t here_;                                     \
		asm volatile("adr %0, 1f\n\tb 2f\n1:\t" instruction \
			     "\n\tbx lr\n2:"                        \
			     : "=r"(here_));                        \
		check_eq("smc/" name, TRAP(&trap_, call(here_)),    \
			 VECTOR_UNDEF);                             \
		check_eq("smc/" name "-pc", trap_.pc, here_);       \
	} while (0)

static void call(uint32_t code)
{
	((void (*)(void))code)();
}

int main(void)
{
	UNDEFINED("smc", "smc #0");
	UNDEFINED("hvbar", "mrc p15, 4, r0, c12, c0, 0");
	UNDEFINED("hcr", "mrc p15, 4, r0, c1, c1, 0");
	UNDEFINED("vttbr", "mrrc p15, 6, r0, r1, c2");
	UNDEFINED("cntvoff", "mrrc p15, 4, r0, r1, c14");
	UNDEFINED("scr", "mrc p15, 0, r0, c1, c1, 0");
	UNDEFINED("mvbar", "mrc p15, 0, r0, c12, c0, 1");
	UNDEFINED("unallocated-cp15", "mrc p15, 7, r0, c4, c9, 5");
	UNDEFINED("unallocated-cp15-write", "mcr p15, 7, r0, c4, c9, 5");
	UNDEFINED("unallocated-mrrc", "mrrc p15, 5, r0, r1, c5");
	UNDEFINED("cp0", "mrc p0, 0, r0, c0, c0, 0");
	UNDEFINED("cp13", "mcr p13, 0, r0, c0, c0, 0");
	return 0;
}
