/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk of the guest's translation tables. Descriptors are written as in the
 * figures of DDI 0406C, short- and long-descriptor formats.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "core/arm/cpu.h"
#include "core/arm/stage1.h"

#define TABLES	   0x40000000u
#define TABLE_SIZE 0x10000
#define RD	   (ARM_S1_PRIV)
#define WR	   (ARM_S1_PRIV | ARM_S1_WRITE)
#define EX	   (ARM_S1_PRIV | ARM_S1_EXEC)
#define URD	   0
#define UWR	   ARM_S1_WRITE
#define UEX	   ARM_S1_EXEC

static uint8_t tables[TABLE_SIZE];
static uint64_t broken; /* reading this address is an external abort */
static struct arm_cp15 cp15;
static uint64_t ipa;
static struct arm_fault fault;

static bool read_table(void *arg, uint64_t addr, unsigned int size,
		       uint64_t *val)
{
	unsigned int i;

	(void)arg;
	assert_int_equal(addr & (size - 1), 0);
	if (addr < TABLES || addr + size > TABLES + TABLE_SIZE ||
	    addr == broken)
		return false;
	*val = 0;
	for (i = 0; i < size; i++)
		*val |= (uint64_t)tables[addr - TABLES + i] << (8 * i);
	return true;
}

static const struct arm_s1 s1 = { &cp15, read_table, NULL };

static void put(uint32_t addr, uint64_t desc, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++) {
		unsigned int at = cp15.sctlr & SCTLR_EE ? size - 1 - i : i;

		tables[addr - TABLES + at] = (uint8_t)(desc >> (8 * i));
	}
}

static void put32(uint32_t addr, uint32_t desc)
{
	put(addr, desc, 4);
}

static void put64(uint32_t addr, uint64_t desc)
{
	put(addr, desc, 8);
}

static void maps(uint32_t va, unsigned int access, uint64_t expected)
{
	if (!arm_s1_translate(&s1, va, access, &ipa, &fault))
		fail_msg("%x, access %x: fault %d, level %u", va, access,
			 fault.type, fault.level);
	assert_true(ipa == expected);
	assert_int_equal(fault.type, ARM_FAULT_NONE);
}

static void faults(uint32_t va, unsigned int access, enum arm_fault_type type,
		   unsigned int level)
{
	if (arm_s1_translate(&s1, va, access, &ipa, &fault))
		fail_msg("%x, access %x: no fault", va, access);
	assert_int_equal(fault.type, type);
	assert_int_equal(fault.level, level);
	assert_int_equal(fault.write, !!(access & ARM_S1_WRITE));
}

/* The MMU is on, with short descriptors and all domains client. */
static int setup_short(void **state)
{
	(void)state;
	memset(&cp15, 0, sizeof(cp15));
	memset(tables, 0, sizeof(tables));
	broken = 0;
	cp15.sctlr = SCTLR_M;
	cp15.ttbr0 = TABLES | 0x4a;
	cp15.dacr = 0x55555555;
	return 0;
}

static int setup_long(void **state)
{
	setup_short(state);
	cp15.ttbcr = ARM_TTBCR_EAE;
	cp15.ttbr0 = TABLES;
	return 0;
}

static void mmu_off(void **state)
{
	(void)state;
	cp15.sctlr = 0;
	maps(0x12345678, UWR, 0x12345678);
	maps(0xffffffff, EX, 0xffffffff);
}

static void section(void **state)
{
	(void)state;
	put32(TABLES + 4 * 0x801, 0x12300c02 | 7 << 5);
	maps(0x80145679, UWR, 0x12345679);
	faults(0x80000000, RD, ARM_FAULT_TRANSLATION, 1);
	faults(0x80200000, WR, ARM_FAULT_TRANSLATION, 1);
}

static void supersection(void **state)
{
	(void)state;
	/* PA[39:36] = 0xa in 8:5, PA[35:32] = 0x5 in 23:20. */
	put32(TABLES + 4 * 0x812, 0x12000c02 | 1 << 18 | 0xa << 5 | 5 << 20);
	/* A supersection is in domain 0, whatever bits 8:5 are. */
	cp15.dacr = 1;
	maps(0x81234567, RD, 0xa512234567);
	maps(0x81234568, RD, 0xa512234568);
}

static void pages(void **state)
{
	(void)state;
	put32(TABLES + 4 * 0x801, (TABLES + 0x4000) | 3 << 5 | 1);
	/* A large page has sixteen equal entries. */
	put32(TABLES + 0x4000 + 4 * 0x34, 0x56780031);
	put32(TABLES + 0x4000 + 4 * 0x45, 0x9abcd032);
	maps(0x80134abd, UWR, 0x56784abd);
	maps(0x80145def, UWR, 0x9abcddef);
	faults(0x80146000, URD, ARM_FAULT_TRANSLATION, 2);
	assert_int_equal(fault.domain, 3);
}

static void short_external_aborts(void **state)
{
	(void)state;
	put32(TABLES + 4 * 0x801, (TABLES + 0x4000) | 1);
	put32(TABLES + 4 * 0x802, 0x00000001); /* a table that is not there */
	broken = TABLES + 4 * 0x803;
	faults(0x80200000, RD, ARM_FAULT_EXTERNAL_WALK, 2);
	faults(0x80300000, RD, ARM_FAULT_EXTERNAL_WALK, 1);
}

static void short_ttbr1(void **state)
{
	(void)state;
	/* N = 2: TTBR0 has the first GiB, by a table of 4 KiB. */
	cp15.ttbcr = 2;
	cp15.ttbr0 = TABLES + 0x5000;
	cp15.ttbr1 = TABLES + 0x8000;
	put32(TABLES + 0x5000 + 4 * 0x3ff, 0x11100c02);
	put32(TABLES + 0x8000 + 4 * 0x400, 0x22200c02);
	put32(TABLES + 0x8000 + 4 * 0xfff, 0x33300c02);
	maps(0x3ff00001, RD, 0x11100001);
	maps(0x40000002, RD, 0x22200002);
	maps(0xfff00003, RD, 0x33300003);
	cp15.ttbcr = 2 | 1 << 6; /* ignored by the short format */
	maps(0x40000002, RD, 0x22200002);
	cp15.ttbcr = 2 | 1 << 4; /* PD0 */
	faults(0x3ff00001, RD, ARM_FAULT_TRANSLATION, 1);
	maps(0x40000002, RD, 0x22200002);
	cp15.ttbcr = 2 | 1 << 5; /* PD1 */
	maps(0x3ff00001, RD, 0x11100001);
	faults(0x40000002, RD, ARM_FAULT_TRANSLATION, 1);
}

static void domains(void **state)
{
	(void)state;
	/* AP 0b000 and XN: no access, except in a manager's domain. */
	put32(TABLES + 4 * 0x801, 0x12300012 | 7 << 5);
	cp15.dacr = 0;
	faults(0x80100000, RD, ARM_FAULT_DOMAIN, 1);
	assert_int_equal(fault.domain, 7);
	cp15.dacr = 2u << 14;
	faults(0x80100000, WR, ARM_FAULT_DOMAIN, 1);
	cp15.dacr = 3u << 14;
	cp15.sctlr |= SCTLR_WXN;
	maps(0x80100000, UWR, 0x12300000);
	maps(0x80100000, EX, 0x12300000);
	cp15.dacr = 1u << 14;
	faults(0x80100000, RD, ARM_FAULT_PERMISSION, 1);
	put32(TABLES + 4 * 0x802, (TABLES + 0x4000) | 5 << 5 | 1);
	put32(TABLES + 0x4000, 0x9abcd032);
	faults(0x80200000, RD, ARM_FAULT_DOMAIN, 2);
	assert_int_equal(fault.domain, 5);
}

/* AP[2:0]: PL1 read, PL1 write, PL0 read, PL0 write. */
static const struct {
	uint8_t ap;
	bool pr, pw, ur, uw;
} ap_table[] = {
	{ 0, 0, 0, 0, 0 }, { 1, 1, 1, 0, 0 }, { 2, 1, 1, 1, 0 },
	{ 3, 1, 1, 1, 1 }, { 5, 1, 0, 0, 0 }, { 6, 1, 0, 1, 0 },
	{ 7, 1, 0, 1, 0 },
};

static void expect(uint32_t va, unsigned int access, bool ok,
		   unsigned int level)
{
	if (ok)
		assert_true(arm_s1_translate(&s1, va, access, &ipa, &fault));
	else
		faults(va, access, ARM_FAULT_PERMISSION, level);
}

static void short_permissions(void **state)
{
	unsigned int i;

	(void)state;
	put32(TABLES + 4 * 0x802, (TABLES + 0x4000) | 1);
	for (i = 0; i < sizeof(ap_table) / sizeof(ap_table[0]); i++) {
		uint32_t low = ap_table[i].ap & 3, high = ap_table[i].ap >> 2;

		put32(TABLES + 4 * 0x801, 0x2 | low << 10 | high << 15);
		expect(0x80100000, RD, ap_table[i].pr, 1);
		expect(0x80100000, WR, ap_table[i].pw, 1);
		expect(0x80100000, URD, ap_table[i].ur, 1);
		expect(0x80100000, UWR, ap_table[i].uw, 1);
		expect(0x80100000, UEX, ap_table[i].ur, 1);
		put32(TABLES + 0x4000, 0x2 | low << 4 | high << 9);
		expect(0x80200000, RD, ap_table[i].pr, 2);
		expect(0x80200000, WR, ap_table[i].pw, 2);
		expect(0x80200000, URD, ap_table[i].ur, 2);
		expect(0x80200000, UWR, ap_table[i].uw, 2);
	}
}

static void short_access_flag(void **state)
{
	(void)state;
	cp15.sctlr |= SCTLR_AFE;
	/*
	 * AP[2:1] is 0b01, so all may read and write; AP[0] is the access flag.
	 */
	put32(TABLES + 4 * 0x801, 0x2 | 2 << 10);
	faults(0x80100000, RD, ARM_FAULT_ACCESS_FLAG, 1);
	/* The access flag is checked before the domain. */
	cp15.dacr = 0;
	faults(0x80100000, RD, ARM_FAULT_ACCESS_FLAG, 1);
	cp15.dacr = 1;
	put32(TABLES + 4 * 0x801, 0x2 | 3 << 10);
	maps(0x80100000, UWR, 0);
	put32(TABLES + 4 * 0x801, 0x2 | 1 << 10);
	maps(0x80100000, WR, 0);
	faults(0x80100000, URD, ARM_FAULT_PERMISSION, 1);
	put32(TABLES + 4 * 0x802, (TABLES + 0x4000) | 1);
	put32(TABLES + 0x4000, 0x2);
	faults(0x80200000, RD, ARM_FAULT_ACCESS_FLAG, 2);
}

static void short_execute_never(void **state)
{
	(void)state;
	put32(TABLES + 4 * 0x801, 0xc02 | 1 << 4); /* section, XN */
	faults(0x80100000, EX, ARM_FAULT_PERMISSION, 1);
	maps(0x80100000, RD, 0);
	put32(TABLES + 4 * 0x801, 0xc02 | 0xf << 5); /* neither */
	maps(0x80100000, EX, 0);
	put32(TABLES + 4 * 0x801, 0xc03); /* section, PXN */
	faults(0x80100000, EX, ARM_FAULT_PERMISSION, 1);
	maps(0x80100000, UEX, 0);
	put32(TABLES + 4 * 0x802, (TABLES + 0x4000) | 1);
	put32(TABLES + 4 * 0x803, (TABLES + 0x4000) | 1 << 2 | 1); /* PXN */
	put32(TABLES + 0x4000, 0x33); /* small page, XN */
	put32(TABLES + 0x4004, 0x32);
	put32(TABLES + 0x4000 + 4 * 16, 0x31 | 1 << 15); /* large page, XN */
	faults(0x80200000, UEX, ARM_FAULT_PERMISSION, 2);
	maps(0x80201000, UEX, 0);
	faults(0x80210000, UEX, ARM_FAULT_PERMISSION, 2);
	faults(0x80301000, EX, ARM_FAULT_PERMISSION, 2);
	maps(0x80301000, UEX, 0);
}

static void writable_execute_never(void **state)
{
	(void)state;
	put32(TABLES + 4 * 0x801, 0x2 | 3 << 10);	    /* all may write */
	put32(TABLES + 4 * 0x802, 0x2 | 2 << 10);	    /* PL1 alone */
	put32(TABLES + 4 * 0x803, 0x2 | 2 << 10 | 1 << 15); /* none */
	maps(0x80100000, EX, 0);
	cp15.sctlr = SCTLR_M | SCTLR_WXN;
	faults(0x80100000, EX, ARM_FAULT_PERMISSION, 1);
	faults(0x80100000, UEX, ARM_FAULT_PERMISSION, 1);
	faults(0x80200000, EX, ARM_FAULT_PERMISSION, 1);
	maps(0x80300000, EX, 0);
	cp15.sctlr = SCTLR_M | SCTLR_UWXN;
	faults(0x80100000, EX, ARM_FAULT_PERMISSION, 1);
	maps(0x80100000, UEX, 0);
	maps(0x80200000, EX, 0);
}

static void big_endian_tables(void **state)
{
	(void)state;
	cp15.sctlr |= SCTLR_EE;
	put32(TABLES + 4 * 0x801, 0x12300c02);
	maps(0x80145678, UWR, 0x12345678);
	cp15.ttbcr = ARM_TTBCR_EAE;
	cp15.ttbr0 = TABLES + 0x8000;
	put64(TABLES + 0x8000 + 16, 0x5680000000 | 1 << 10 | 1 << 6 | 1);
	maps(0x81234567, UWR, 0x5681234567);
}

#define AF   0x400ull
#define USER 0x40ull
#define RO   0x80ull

static void long_levels(void **state)
{
	(void)state;
	put64(TABLES + 8, 0x1240000000 | AF | 1); /* 1 GiB block */
	put64(TABLES + 16, (TABLES + 0x1000) | 3);
	put64(TABLES + 0x1000, 0x2345600000 | AF | 1); /* 2 MiB block */
	put64(TABLES + 0x1008, (TABLES + 0x2000) | 3);
	put64(TABLES + 0x2000 + 8 * 0x1ff, 0x3456789000 | AF | 3); /* page */
	put64(TABLES + 0x2000 + 8, 0x3456789000 | AF | 1); /* reserved */
	maps(0x7abcdef0, WR, 0x127abcdef0);
	maps(0x801abcde, WR, 0x23457abcde);
	maps(0x803ff123, WR, 0x3456789123);
	faults(0x00000000, RD, ARM_FAULT_TRANSLATION, 1);
	faults(0x80400000, RD, ARM_FAULT_TRANSLATION, 2);
	faults(0x80200000, RD, ARM_FAULT_TRANSLATION, 3);
	faults(0x80201000, RD, ARM_FAULT_TRANSLATION, 3);
}

static void long_external_aborts(void **state)
{
	(void)state;
	broken = TABLES + 24;
	put64(TABLES + 8, 0x3);
	put64(TABLES + 16, (TABLES + 0x1000) | 3);
	put64(TABLES + 0x1000, 0x3);
	faults(0xc0000000, RD, ARM_FAULT_EXTERNAL_WALK, 1);
	faults(0x40000000, RD, ARM_FAULT_EXTERNAL_WALK, 2);
	faults(0x80000000, RD, ARM_FAULT_EXTERNAL_WALK, 3);
}

static void long_permissions(void **state)
{
	(void)state;
	put64(TABLES, AF | 1);
	expect(0, WR, true, 1);
	expect(0, EX, true, 1);
	expect(0, URD, false, 1);
	put64(TABLES, AF | USER | 1);
	expect(0, UWR, true, 1);
	put64(TABLES, AF | RO | 1);
	expect(0, RD, true, 1);
	expect(0, WR, false, 1);
	expect(0, URD, false, 1);
	put64(TABLES, AF | RO | USER | 1);
	expect(0, URD, true, 1);
	expect(0, UWR, false, 1);
	put64(TABLES, USER | 1);
	faults(0, RD, ARM_FAULT_ACCESS_FLAG, 1);
	put64(TABLES, AF | USER | 1ull << 54 | 1);
	expect(0, UEX, false, 1);
	put64(TABLES, AF | USER | 1ull << 53 | 1);
	expect(0, EX, false, 1);
	expect(0, UEX, true, 1);
}

/* What a table descriptor takes away (hierarchical control). */
static void long_table_attributes(void **state)
{
	uint32_t table = TABLES + 0x1000;

	(void)state;
	put64(table, AF | USER | 1);
	put64(TABLES, 1ull << 61 | table | 3); /* no access from PL0 */
	expect(0, URD, false, 2);
	expect(0, WR, true, 2);
	put64(TABLES, 1ull << 62 | table | 3); /* no write */
	expect(0, URD, true, 2);
	expect(0, WR, false, 2);
	put64(TABLES, 1ull << 60 | table | 3); /* XN */
	expect(0, UEX, false, 2);
	put64(TABLES, 1ull << 59 | table | 3); /* PXN */
	expect(0, EX, false, 2);
	expect(0, UEX, true, 2);
}

static void long_small_regions(void **state)
{
	(void)state;
	/* The low bits of BADDR are ignored. */
	cp15.ttbr0 = TABLES | 0x1c;
	put64(TABLES + 0x18, 0x1100000000 | AF | 1);
	maps(0xc0000000, RD, 0x1100000000);
	/* T0SZ 1: two entries at level 1. T0SZ 7: 32 MiB, at level 2. */
	cp15.ttbcr = ARM_TTBCR_EAE | 1;
	cp15.ttbr0 = TABLES + 0x30;
	put64(TABLES + 0x38, 0x1140000000 | AF | 1);
	maps(0x40000000, RD, 0x1140000000);
	cp15.ttbcr = ARM_TTBCR_EAE | 7 | 3 << 16;
	cp15.ttbr0 = TABLES + 0x80;
	put64(TABLES + 0x80 + 8 * 15, 0x2200000000 | AF | 1);
	maps(0x01e00000, RD, 0x2200000000);
	faults(0x02000000, RD, ARM_FAULT_TRANSLATION, 1);
	/* T0SZ 2: level 2, a whole page of entries. */
	cp15.ttbcr = ARM_TTBCR_EAE | 2;
	cp15.ttbr0 = TABLES + 0x4000;
	put64(TABLES + 0x4000 + 8 * 511, 0x3300000000 | AF | 1);
	maps(0x3fe00000, RD, 0x3300000000);
}

static void long_ttbr1(void **state)
{
	(void)state;
	/* Both sizes set: a hole in between. */
	cp15.ttbcr = ARM_TTBCR_EAE | 2 | 2 << 16;
	cp15.ttbr0 = TABLES + 0x1000;
	cp15.ttbr1 = TABLES + 0x2000;
	put64(TABLES + 0x1000, 0x0100000000 | AF | 1);
	put64(TABLES + 0x2000, 0x0200000000 | AF | 1);
	maps(0x00000000, RD, 0x0100000000);
	faults(0x40000000, RD, ARM_FAULT_TRANSLATION, 1);
	faults(0xbfffffff, RD, ARM_FAULT_TRANSLATION, 1);
	maps(0xc0000000, RD, 0x0200000000);
	/* T1SZ 0: TTBR1 has all that TTBR0 does not have, from level 1. */
	cp15.ttbcr = ARM_TTBCR_EAE | 2;
	put64(TABLES + 0x2008, 0x0340000000 | AF | 1);
	maps(0x40000000, RD, 0x0340000000);
	/* T0SZ 0: TTBR0 has all that TTBR1 does not have. */
	cp15.ttbcr = ARM_TTBCR_EAE | 1 << 16;
	cp15.ttbr0 = TABLES + 0x3000;
	put64(TABLES + 0x3008, 0x0440000000 | AF | 1);
	maps(0x40000000, RD, 0x0440000000);
	maps(0x80000000, RD, 0x0200000000);
}

static void long_walks_disabled(void **state)
{
	(void)state;
	cp15.ttbr1 = TABLES;
	put64(TABLES, AF | 1);
	/* Attributes of the walks, next to the EPD bits. */
	cp15.ttbcr = ARM_TTBCR_EAE | 1 | 1 << 16 | 0x3f << 8 | 0x3f << 24;
	maps(0x00000000, RD, 0);
	maps(0x80000000, RD, 0);
	cp15.ttbcr = ARM_TTBCR_EAE | 1 | 1 << 16 | 1 << 7; /* EPD0 */
	faults(0x00000000, RD, ARM_FAULT_TRANSLATION, 1);
	maps(0x80000000, RD, 0);
	cp15.ttbcr = ARM_TTBCR_EAE | 1 | 1 << 16 | 1 << 23; /* EPD1 */
	maps(0x00000000, RD, 0);
	faults(0x80000000, RD, ARM_FAULT_TRANSLATION, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(mmu_off, setup_short),
		cmocka_unit_test_setup(section, setup_short),
		cmocka_unit_test_setup(supersection, setup_short),
		cmocka_unit_test_setup(pages, setup_short),
		cmocka_unit_test_setup(short_external_aborts, setup_short),
		cmocka_unit_test_setup(short_ttbr1, setup_short),
		cmocka_unit_test_setup(domains, setup_short),
		cmocka_unit_test_setup(short_permissions, setup_short),
		cmocka_unit_test_setup(short_access_flag, setup_short),
		cmocka_unit_test_setup(short_execute_never, setup_short),
		cmocka_unit_test_setup(writable_execute_never, setup_short),
		cmocka_unit_test_setup(big_endian_tables, setup_short),
		cmocka_unit_test_setup(long_levels, setup_long),
		cmocka_unit_test_setup(long_external_aborts, setup_long),
		cmocka_unit_test_setup(long_permissions, setup_long),
		cmocka_unit_test_setup(long_table_attributes, setup_long),
		cmocka_unit_test_setup(long_small_regions, setup_long),
		cmocka_unit_test_setup(long_ttbr1, setup_long),
		cmocka_unit_test_setup(long_walks_disabled, setup_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
