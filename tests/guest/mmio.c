/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads and stores of one register on devices, one that the process models
 * (PL011) and one that the kernel models (GICD): widths, signs, registers.
 */
#include "gic.h"
#include "io.h"
#include "pl011.h"
#include "sysreg.h"
#include "test.h"

#define UARTIBRD (PL011_BASE + 0x24)
#define UARTID0	 (PL011_BASE + 0xfe0) /* 0x11 */
#define PRIORITY (GICD_BASE + GICD_IPRIORITYR + 64)

#define LOAD(instruction, addr)                      \
	({                                           \
		uint32_t value_ = 0x5a5a5a5a;        \
		asm volatile(instruction " %0, [%1]" \
			     : "+r"(value_)          \
			     : "r"(addr)             \
			     : "memory");            \
		value_;                              \
	})
#define STORE(instruction, addr, value)      \
	asm volatile(instruction " %0, [%1]" \
		     :                       \
		     : "r"(value), "r"(addr) \
		     : "memory")

static void widths(void)
{
	STORE("str", UARTIBRD, 0x8081);
	check_eq("mmio/ldr", LOAD("ldr", UARTIBRD), 0x8081);
	check_eq("mmio/ldrh", LOAD("ldrh", UARTIBRD), 0x8081);
	check_eq("mmio/ldrb", LOAD("ldrb", UARTIBRD), 0x81);
	check_eq("mmio/ldrsh", LOAD("ldrsh", UARTIBRD), 0xffff8081);
	check_eq("mmio/ldrsb", LOAD("ldrsb", UARTIBRD), 0xffffff81);
	STORE("strh", UARTIBRD, 0xabcd1234);
	check_eq("mmio/strh", LOAD("ldr", UARTIBRD), 0x1234);
	STORE("strb", UARTIBRD, 0xabcdef56);
	check_eq("mmio/strb", LOAD("ldr", UARTIBRD) & 0xff, 0x56);
	STORE("str", UARTIBRD, 0x7fff);
	check_eq("mmio/ldrsh-positive", LOAD("ldrsh", UARTIBRD), 0x7fff);
}

/* The distributor takes bytes and words. */
static void distributor(void)
{
	STORE("str", PRIORITY, 0xa0b04080);
	check_eq("mmio/gicd-ldr", LOAD("ldr", PRIORITY), 0xa0b04080);
	check_eq("mmio/gicd-ldrb-0", LOAD("ldrb", PRIORITY), 0x80);
	check_eq("mmio/gicd-ldrb-1", LOAD("ldrb", PRIORITY + 1), 0x40);
	check_eq("mmio/gicd-ldrsb-2", LOAD("ldrsb", PRIORITY + 2), 0xffffffb0);
	STORE("strb", PRIORITY + 1, 0x12345610);
	check_eq("mmio/gicd-strb", LOAD("ldr", PRIORITY), 0xa0b01080);
}

/* Each register as the destination of a load and the source of a store. */
#define DESTINATION(reg)                                                    \
	do {                                                                \
		uint32_t loaded_;                                           \
		asm volatile("mov " reg ", %1\n\t"                          \
			     "ldr " reg ", [" reg "]\n\t"                   \
			     "mov %0, " reg                                 \
			     : "=r"(loaded_)                                \
			     : "r"(UARTID0)                                 \
			     : reg, "memory");                              \
		check_eq("mmio/load-" reg, loaded_, 0x11);                  \
		asm volatile("mov " reg ", %0\n\t"                          \
			     "str " reg ", [%1]"                            \
			     :                                              \
			     : "r"(0x4321), "r"(UARTIBRD)                   \
			     : reg, "memory");                              \
		check_eq("mmio/store-" reg, LOAD("ldr", UARTIBRD), 0x4321); \
		STORE("str", UARTIBRD, 0);                                  \
	} while (0)

static void registers(void)
{
	DESTINATION("r0");
	DESTINATION("r1");
	DESTINATION("r2");
	DESTINATION("r3");
	DESTINATION("r4");
	DESTINATION("r5");
	DESTINATION("r6");
	DESTINATION("r7");
	DESTINATION("r8");
	DESTINATION("r9");
	DESTINATION("r10");
	DESTINATION("r12");
	DESTINATION("lr");
}

/* All forms of offsets leave the base as it was. */
static void offsets(void)
{
	uint32_t value, base = PL011_BASE;

	asm volatile("ldr %0, [%1, #0xfe0]"
		     : "=&r"(value)
		     : "r"(base)
		     : "memory");
	check_eq("mmio/immediate", value, 0x11);
	asm volatile("ldr %0, [%1, %2]"
		     : "=&r"(value)
		     : "r"(base), "r"(0xfe0)
		     : "memory");
	check_eq("mmio/register", value, 0x11);
	asm volatile("ldr %0, [%1, %2, lsl #4]"
		     : "=&r"(value)
		     : "r"(base), "r"(0xfe)
		     : "memory");
	check_eq("mmio/shifted", value, 0x11);
	asm volatile("ldr %0, [%1, #-0x20]"
		     : "=&r"(value)
		     : "r"(base + 0x1000)
		     : "memory");
	check_eq("mmio/negative", value, 0x11);
}

int main(void)
{
	widths();
	distributor();
	registers();
	offsets();
	return 0;
}
