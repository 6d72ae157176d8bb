/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any accesses to fw_cfg, with any control structures in guest memory. A byte
 * selects register, width and direction; the eight bytes after it are data.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/dev/fwcfg.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "lib/vmmapi.h"

#define RAM_BASE UINT64_C(0x40000000)
#define RAM_SIZE UINT64_C(0x1000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* On the heap, so that the sanitizer sees overruns. */
static uint8_t *ram;

/*
 * Random addresses are mostly far off, so they are folded into memory, except
 * near its ends.
 */
void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	uint64_t at = gpa & 0xffff;

	(void)ctx;
	if (!len || at > RAM_SIZE || len > RAM_SIZE - at)
		return NULL;
	return ram + at;
}

static void one(const uint8_t *in)
{
	uint64_t base = virt_machine.map[MACHINE_FW_CFG].base;
	uint64_t addr = base + (in[0] & 0x1f), val;
	int size = 1 << (in[0] >> 6);

	memcpy(&val, in + 1, sizeof(val));
	if (size < 8)
		val &= (UINT64_C(1) << 8 * size) - 1;
	if (in[0] & 0x20)
		write_mem(NULL, addr, val, size);
	else if (!read_mem(NULL, addr, &val, size) && size < 8 &&
		 val >> 8 * size)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char text[] = "some text";

	(void)argc, (void)argv;
	ram = calloc(1, RAM_SIZE);
	init_mem();
	if (fwcfg_init(NULL, &virt_machine) ||
	    fwcfg_add_file("opt/text", text, sizeof(text)))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t filled = size < RAM_SIZE ? size : RAM_SIZE;

	memset(ram, 0, RAM_SIZE);
	memcpy(ram, data, filled);
	for (; size >= 9; data += 9, size -= 9)
		one(data);
	return 0;
}
