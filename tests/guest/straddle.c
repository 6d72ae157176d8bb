/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One instruction that accesses a device and what is next to it: memory,
 * another device, or nothing. It is not compared with QEMU, which has PCIe's
 * configuration space at another address unless it runs a firmware.
 */
#include "cache.h"
#include "exception.h"
#include "gic.h"
#include "io.h"
#include "mmu.h"
#include "sysreg.h"
#include "test.h"

#define RAM	0x42000000u
#define ECAM	0x3f000000u /* one MiB; its last function does not exist */
#define PIO_END ECAM
/* Virtual addresses: a MiB of ECAM, one of RAM, and ECAM again. */
#define WINDOW	  0x60000000u
#define MIB	  0x100000u
#define NO_DEVICE 0xffffffffu

asm(".fpu neon-vfpv4");

static uint64_t ldm(uint32_t at)
{
	uint32_t low, high;

	asm volatile("ldm %2, {r4, r5}\n\tmov %0, r4\n\tmov %1, r5"
		     : "=&r"(low), "=&r"(high)
		     : "r"(at)
		     : "r4", "r5", "memory");
	return (uint64_t)high << 32 | low;
}

static uint64_t ldrd(uint32_t at)
{
	uint64_t val;

	asm volatile("ldrd %Q0, %R0, [%1]" : "=r"(val) : "r"(at) : "memory");
	return val;
}

static uint64_t vldr(uint32_t at)
{
	uint64_t val;

	asm volatile("vldr d0, [%1]\n\tvmov %Q0, %R0, d0"
		     : "=r"(val)
		     : "r"(at)
		     : "memory");
	return val;
}

static void stm(uint32_t at, uint32_t low, uint32_t high)
{
	asm volatile("mov r4, %1\n\tmov r5, %2\n\tstm %0, {r4, r5}"
		     :
		     : "r"(at), "r"(low), "r"(high)
		     : "r4", "r5", "memory");
}

static void vfp_on(void)
{
	WRITE_CP15(0, c1, c0, 2, 0xf << 20); /* CPACR */
	isb();
	asm volatile("vmsr fpexc, %0" : : "r"(1u << 30));
}

static void map(uint32_t va, uint32_t pa)
{
	uint32_t attributes = mmu_sections[pa >> 20] & 0xfffff;

	mmu_sections[va >> 20] = pa | attributes;
	cache_clean_invalidate(&mmu_sections[va >> 20], 4);
	tlb_flush();
}

static void device_then_ram(void)
{
	const uint64_t want = 0x1234567800000000ull | NO_DEVICE;
	uint32_t at = WINDOW + MIB - 4;

	write32(RAM, 0x12345678);
	check_eq64("straddle/ldm", ldm(at), want);
	check_eq64("straddle/ldrd", ldrd(at), want);
	check_eq64("straddle/vldr", vldr(at), want);
	stm(at, 0x11111111, 0x22222222);
	check_eq("straddle/stm", read32(RAM), 0x22222222);
}

static void ram_then_device(void)
{
	const uint64_t want = (uint64_t)read32(ECAM) << 32 | 0x87654321;
	uint32_t at = WINDOW + 2 * MIB - 4;

	write32(RAM + MIB - 4, 0x87654321);
	check_eq64("straddle/ram-ldm", ldm(at), want);
	check_eq64("straddle/ram-ldrd", ldrd(at), want);
	check_eq64("straddle/ram-vldr", vldr(at), want);
	/* A PCI function's identification is read-only. */
	stm(at, 0x33333333, 0x44444444);
	check_eq("straddle/ram-stm", read32(RAM + MIB - 4), 0x33333333);
	check_eq("straddle/device-stm", read32(ECAM), (uint32_t)(want >> 32));
}

/* PCI's I/O ports end where its configuration space begins. */
static void two_devices(void)
{
	uint32_t last = read32(PIO_END - 4);

	check_eq64("straddle/two-devices", ldm(PIO_END - 4),
		   (uint64_t)read32(ECAM) << 32 | last);
}

/* vmm.ko emulates the distributor; nothing is behind its page. */
static void device_and_nothing(void)
{
	struct trap trap;

	check_eq("straddle/nothing-aborts", TRAP(&trap, ldm(GICD_BASE + 0xffc)),
		 VECTOR_DABT);
	check_eq("straddle/nothing-address", trap.dfar, GICD_BASE + 0x1000);
	check_eq("straddle/nothing-is-read", trap.dfsr >> 11 & 1, 0);
}

int main(void)
{
	vfp_on();
	two_devices();
	device_and_nothing();
	mmu_on_short();
	map(WINDOW, ECAM);
	map(WINDOW + MIB, RAM);
	map(WINDOW + 2 * MIB, ECAM);
	two_devices();
	device_and_nothing();
	device_then_ram();
	ram_then_device();
	return 0;
}
