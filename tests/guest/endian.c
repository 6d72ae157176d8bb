/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Big-endian data (CPSR.E) in memory and on devices, and SCTLR.EE and TE at
 * exceptions.
 */
#include "exception.h"
#include "exits.h"
#include "gic.h"
#include "sysreg.h"
#include "test.h"

#define UARTIBRD (PL011_BASE + 0x24)

#define BE_LOAD(instruction, addr)                       \
	({                                               \
		uint32_t value_;                         \
		asm volatile("setend be\n\t" instruction \
			     " %0, [%1]\n\tsetend le"    \
			     : "=r"(value_)              \
			     : "r"(addr)                 \
			     : "memory");                \
		value_;                                  \
	})
#define BE_STORE(instruction, addr, value)                       \
	asm volatile("setend be\n\t" instruction " %0, [%1]\n\t" \
		     "setend le"                                 \
		     :                                           \
		     : "r"(value), "r"(addr)                     \
		     : "memory")

static void memory(void)
{
	uint32_t word = 0x11223344;

	check_eq("endian/memory-ldr", BE_LOAD("ldr", &word), 0x44332211);
	BE_STORE("str", &word, 0xaabbccdd);
	check_eq("endian/memory-str", *(volatile uint32_t *)&word, 0xddccbbaa);
}

static void devices(void)
{
	uint32_t priority = GICD_BASE + GICD_IPRIORITYR + 64;

	write32(UARTIBRD, 0x1234);
	check_eq("endian/uart-ldr", BE_LOAD("ldr", UARTIBRD), 0x34120000);
	check_eq("endian/uart-ldrh", BE_LOAD("ldrh", UARTIBRD), 0x3412);
	check_eq("endian/uart-ldrb", BE_LOAD("ldrb", UARTIBRD), 0x34);
	BE_STORE("str", UARTIBRD, 0x78560000);
	check_eq("endian/uart-str", read32(UARTIBRD), 0x5678);
	BE_STORE("strh", UARTIBRD, 0x2143);
	check_eq("endian/uart-strh", read32(UARTIBRD), 0x4321);
	write32(priority, 0x10203040);
	check_eq("endian/gicd-ldr", BE_LOAD("ldr", priority), 0x40302010);
	BE_STORE("str", priority, 0x80706050);
	check_eq("endian/gicd-str", read32(priority), 0x50607080);
}

/* Instructions whose abort has no valid syndrome. */
static void pairs(void)
{
	uint32_t a, b, base = GICD_BASE + GICD_IPRIORITYR + 64;

	write32(base, 0x10203040);
	write32(base + 4, 0x50607080);
	asm volatile("setend be\n\tldm %2, {r2, r3}\n\tsetend le\n\t"
		     "mov %0, r2\n\tmov %1, r3"
		     : "=&r"(a), "=&r"(b)
		     : "r"(base)
		     : "r2", "r3", "memory");
	check_eq("endian/ldm-first", a, 0x40302010);
	check_eq("endian/ldm-second", b, 0x80706050);
}

/* CPSR at the start of an exception handler: EE gives E, TE gives T. */
static void exception_entry(void)
{
	extern char endian_vectors[];
	extern volatile uint32_t endian_cpsr;

	WRITE_CP15(0, c12, c0, 0, endian_vectors);
	WRITE_SCTLR(READ_SCTLR() | SCTLR_EE);
	isb();
	asm volatile("udf #0" ::: "r12", "memory");
	WRITE_SCTLR(READ_SCTLR() & ~SCTLR_EE);
	WRITE_CP15(0, c12, c0, 0, vectors);
	isb();
	check_eq("endian/exception-e", endian_cpsr & CPSR_E, CPSR_E);
	check_eq("endian/after-exception", read_cpsr() & CPSR_E, 0);
}

/*
 * Its handler of undefined instructions records CPSR, and skips the
 * instruction.
 */
asm(".balign 32\n"
    "endian_vectors:\n"
    "	nop\n"
    "	mrs	r12, cpsr\n"
    "	setend	le\n"
    "	b	1f\n"
    "	nop\n\tnop\n\tnop\n\tnop\n"
    "1:	push	{r0}\n"
    "	ldr	r0, =endian_cpsr\n"
    "	str	r12, [r0]\n"
    "	pop	{r0}\n"
    "	movs	pc, lr\n"
    "	.ltorg\n"
    "	.comm	endian_cpsr, 4\n");

static void und_stack(void)
{
	static uint32_t stack[16];

	asm volatile("cps #0x1b\n\tmov sp, %0\n\tcps #0x13"
		     :
		     : "r"(stack + 16)
		     : "memory");
}

int main(void)
{
	memory();
	devices();
	pairs();
	exit_often(100);
	check_eq("endian/stays-little", read_cpsr() & CPSR_E, 0);
	und_stack();
	exception_entry();
	return 0;
}
