/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An access to an address without memory or device is a synchronous external
 * abort.
 */
#include "exception.h"
#include "io.h"
#include "mmu.h"
#include "print.h"
#include "sysreg.h"
#include "test.h"

#define NOWHERE 0x0b000000u

static void data(const char *name, uint32_t status, uint32_t mask)
{
	struct trap trap;

	print("# %s\n", name);
	check_eq("abort/read", TRAP(&trap, read32(NOWHERE + 4)), VECTOR_DABT);
	check_eq("abort/read-address", trap.dfar, NOWHERE + 4);
	check_eq("abort/read-status", trap.dfsr & mask, status);
	check_eq("abort/read-is-no-write", trap.dfsr >> 11 & 1, 0);
	check_eq("abort/write", TRAP(&trap, write8(NOWHERE + 1, 7)),
		 VECTOR_DABT);
	check_eq("abort/write-address", trap.dfar, NOWHERE + 1);
	check_eq("abort/write-status", trap.dfsr & mask, status);
	check_eq("abort/write-is-write", trap.dfsr >> 11 & 1, 1);
	check_eq("abort/mode", read_cpsr() & CPSR_MODE, 0x13);
}

static void fetch(uint32_t status, uint32_t mask)
{
	struct trap trap;

	check_eq("abort/fetch", TRAP(&trap, ((void (*)(void))NOWHERE)()),
		 VECTOR_PABT);
	check_eq("abort/fetch-pc", trap.pc, NOWHERE);
	check_eq("abort/fetch-address", trap.ifar, NOWHERE);
	check_eq("abort/fetch-status", trap.ifsr & mask, status);
}

int main(void)
{
	/* FS 0b01000; with LPAE STATUS 0b010000 (DDI 0406C, DFSR). */
	data("mmu off", 0x008, 0x60f);
	fetch(0x008, 0x60f);
	mmu_on_short();
	data("short descriptors", 0x008, 0x60f);
	mmu_off();
	mmu_on_long();
	data("long descriptors", 0x210, 0x23f);
	return 0;
}
