/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD's bvm_console: signature, output, input ('q' is typed). */
#include "io.h"
#include "test.h"
#include "timer.h"

#define BVMCONS 0x1c090000u

static uint32_t get(void)
{
	uint64_t end = deadline();
	uint32_t c;

	do {
		c = read32(BVMCONS);
	} while (c == ~0u && counter() < end);
	return c;
}

static void put(const char *s)
{
	for (; *s; s++)
		write32(BVMCONS, (uint8_t)*s);
}

int main(void)
{
	check_eq("bvmcons/signature", read16(BVMCONS), 0x6276);
	put("ok bvmcons/output\n");
	check_eq("bvmcons/input", get(), 'q');
	check_eq("bvmcons/no-more", read32(BVMCONS), ~0u);
	return 0;
}
