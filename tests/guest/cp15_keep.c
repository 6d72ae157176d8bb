/* SPDX-License-Identifier: BSD-2-Clause */
/* Every CP15 register that a guest can write keeps its value across exits. */
#include "exits.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

#define EXITS 10000

/*
 * Name, operands, and a value with all bits set that are not reserved and do
 * not change what this program sees.
 */
#define REGISTERS(X)                                \
	X(SCTLR, 0, c1, c0, 0, boot_sctlr | 0x1800) \
	X(CPACR, 0, c1, c0, 2, 0x00f00000)          \
	X(TTBR0, 0, c2, c0, 0, 0x4fffc04a)          \
	X(TTBR1, 0, c2, c0, 1, 0x5a5a804a)          \
	X(TTBCR, 0, c2, c0, 2, 0x00000001)          \
	X(DACR, 0, c3, c0, 0, 0xd5d7715d)           \
	X(DFSR, 0, c5, c0, 0, 0x00001c5d)           \
	X(IFSR, 0, c5, c0, 1, 0x0000140d)           \
	X(ADFSR, 0, c5, c1, 0, 0)                   \
	X(AIFSR, 0, c5, c1, 1, 0)                   \
	X(DFAR, 0, c6, c0, 0, 0xdeadbeef)           \
	X(IFAR, 0, c6, c0, 2, 0xcafebabe)           \
	X(PAR, 0, c7, c4, 0, 0x12345000)            \
	X(PRRR, 0, c10, c2, 0, 0x000a81a8)          \
	X(NMRR, 0, c10, c2, 1, 0x40e040e0)          \
	X(AMAIR0, 0, c10, c3, 0, 0)                 \
	X(AMAIR1, 0, c10, c3, 1, 0)                 \
	X(CONTEXTIDR, 0, c13, c0, 1, 0xabcdef12)    \
	X(TPIDRURW, 0, c13, c0, 2, 0x11223344)      \
	X(TPIDRURO, 0, c13, c0, 3, 0x55667788)      \
	X(TPIDRPRW, 0, c13, c0, 4, 0x99aabbcc)      \
	X(CNTKCTL, 0, c14, c1, 0, 0x00000303)       \
	X(CSSELR, 2, c0, c0, 0, 0x00000001)

#define REGISTERS_64(X)                             \
	X(TTBR0_64, 0, c2, 0x00ab00004fffc000ull)   \
	X(TTBR1_64, 1, c2, 0x00cd00005a5a8000ull)   \
	X(PAR_64, 0, c7, 0x000000ff12345000ull)     \
	X(CNTV_CVAL, 3, c14, 0xfedcba9876543210ull) \
	X(CNTP_CVAL, 2, c14, 0xf123456789abcdefull)

extern uint32_t boot_regs[5];

/* Each register by itself, so that a failure names it. */
static void keep_32(uint32_t boot_sctlr)
{
	uint32_t kept[32], n = 0;

#define SET(name, o1, n_, m, o2, value)   \
	WRITE_CP15(o1, n_, m, o2, value); \
	isb();                            \
	kept[n++] = READ_CP15(o1, n_, m, o2);
#define CHECK_SET(name, o1, n_, m, o2, value) \
	check_eq("cp15_keep/" #name "-takes", kept[n++], value);
#define CHECK(name, o1, n_, m, o2, value) \
	check_eq("cp15_keep/" #name, READ_CP15(o1, n_, m, o2), kept[n++]);
	REGISTERS(SET)
	n = 0;
	REGISTERS(CHECK_SET)
	exit_often(EXITS);
	n = 0;
	REGISTERS(CHECK)
	WRITE_CP15(0, c2, c0, 2, 0);
}

static void keep_64(void)
{
	uint64_t kept[8];
	uint32_t n = 0;

	WRITE_CP15(0, c2, c0, 2,
		   1u << 31); /* TTBCR.EAE: the TTBRs have 64 bits */
	isb();
#define SET_64(name, o1, m, value)   \
	WRITE_CP15_64(o1, m, value); \
	isb();                       \
	kept[n++] = READ_CP15_64(o1, m);
#define CHECK_SET_64(name, o1, m, value) \
	check_eq64("cp15_keep/" #name "-takes", kept[n++], value);
#define CHECK_64(name, o1, m, value) \
	check_eq64("cp15_keep/" #name, READ_CP15_64(o1, m), kept[n++]);
	REGISTERS_64(SET_64)
	n = 0;
	REGISTERS_64(CHECK_SET_64)
	exit_often(EXITS);
	n = 0;
	REGISTERS_64(CHECK_64)
	WRITE_CP15(0, c2, c0, 2, 0);
}

/* Read-only registers do not change across exits, and name the same CPU. */
static void constants(void)
{
	uint32_t midr = READ_CP15(0, c0, c0, 0),
		 mpidr = READ_CP15(0, c0, c0, 5);
	uint32_t actlr = READ_CP15(0, c1, c0, 1);

	exit_often(1000);
	check_eq("cp15_keep/MIDR", READ_CP15(0, c0, c0, 0), midr);
	check_eq("cp15_keep/MPIDR", READ_CP15(0, c0, c0, 5), mpidr);
	check_eq("cp15_keep/ACTLR", READ_CP15(0, c1, c0, 1), actlr);
}

int main(void)
{
	keep_32(boot_regs[4]);
	keep_64();
	constants();
	return 0;
}
