/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any accesses to both banks of flash: {address and size, data}, one after the
 * other. What is shown to the guest must be what reads of the array return.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyve/dev/flash_cfi.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "lib/vmmapi.h"

#define BLOCK 0x40000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

struct access {
	uint32_t where; /* bits 31:30 size, 29 write, the rest an address */
	uint32_t val;
};

static struct rom {
	uint64_t gpa, len;
	const uint8_t *mem;
} roms[2];
static int nroms;

int vm_add_rom(struct vmctx *ctx)
{
	(void)ctx;
	return nroms++;
}

int vm_show_rom(struct vmctx *ctx, int slot, uint64_t gpa, uint64_t len,
		const void *hva)
{
	(void)ctx;
	roms[slot] = (struct rom){ gpa, len, hva };
	return 0;
}

/* Ends any operation that is under way. */
static void read_mode(const struct rom *rom, uint64_t base)
{
	for (int i = 0; i < 1026 && !rom->len; i++)
		write_mem(NULL, base, 0x00ff00ff, 4);
	if (!rom->len)
		abort();
}

static void make_file(char *path)
{
	static const char content[1000] = "\x01\x02\x03\x04";
	FILE *fp = fdopen(mkstemp(path), "w");

	if (!fp)
		abort();
	fwrite(content, sizeof(content), 1, fp);
	fclose(fp);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char rom[] = "/tmp/fuzz_flash.rom.XXXXXX";
	static char vars[] = "/tmp/fuzz_flash.vars.XXXXXX";

	(void)argc, (void)argv;
	make_file(rom);
	make_file(vars);
	init_mem();
	if (flash_init(NULL, &virt_machine, rom, vars))
		abort();
	unlink(rom);
	unlink(vars);
	return 0;
}

static void one(const struct access *a)
{
	int size = 1 << (a->where >> 30);
	uint64_t addr = a->where & 0x07ffffff, val;

	/* Only a few blocks of a bank are used, so that this is quick. */
	if (addr % 0x04000000 >= 4 * BLOCK)
		addr &= ~UINT64_C(0x03f00000);
	if (a->where >> 29 & 1)
		write_mem(NULL, addr, a->val, size);
	else if (!read_mem(NULL, addr, &val, size) && size < 8 &&
		 val >> 8 * size)
		abort();
}

/* Every page of the blocks that are used, and few of the others. */
static uint64_t next_step(uint64_t at)
{
	return at < 4 * BLOCK ? 4096 : 4 * BLOCK;
}

static void check(const struct rom *rom, uint64_t base)
{
	uint64_t val;

	read_mode(rom, base);
	for (uint64_t at = 0; at < rom->len; at += next_step(at)) {
		if (read_mem(NULL, rom->gpa + at, &val, 1) ||
		    val != rom->mem[at])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct access a;

	for (; size >= sizeof(a); data += sizeof(a), size -= sizeof(a)) {
		memcpy(&a, data, sizeof(a));
		one(&a);
	}
	check(&roms[0], virt_machine.map[MACHINE_FLASH0].base);
	check(&roms[1], virt_machine.map[MACHINE_FLASH1].base);
	if (roms[0].mem[0] != 1)
		abort();
	return 0;
}
