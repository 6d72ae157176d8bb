/* SPDX-License-Identifier: BSD-2-Clause */
#include "psci.h"

int32_t psci(uint32_t function, uint32_t arg1, uint32_t arg2, uint32_t arg3)
{
	register uint32_t r0 asm("r0") = function;
	register uint32_t r1 asm("r1") = arg1;
	register uint32_t r2 asm("r2") = arg2;
	register uint32_t r3 asm("r3") = arg3;

	asm volatile("hvc #0"
		     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
		     :
		     : "memory");
	return (int32_t)r0;
}
