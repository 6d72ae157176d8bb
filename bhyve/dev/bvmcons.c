/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD's bvm_console. */
#include <stdbool.h>
#include <unistd.h>
#include "bhyve/dev/bvmcons.h"
#include "bhyve/console/console.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"

#define BVMCONS_SIGNATURE 0x6276

/*
 * The register cannot report "busy", so the guest's store waits for the user's
 * terminal.
 */
static void put_byte(struct console *cons, uint8_t byte)
{
	while (!console_write_later(cons, &byte, 1))
		usleep(1000);
}

static uint32_t get_byte(struct console *cons)
{
	uint8_t byte;

	console_listen(cons, NULL, NULL, NULL);
	return console_read(cons, &byte, 1) ? byte : UINT32_MAX;
}

static int access_bvmcons(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			  uint64_t *val, void *arg1, long arg2)
{
	struct console *cons = arg1;

	(void)vcpu, (void)addr, (void)arg2;
	if (dir == MEM_F_WRITE) {
		if (size == 4)
			put_byte(cons, *val);
		return 0;
	}
	if (size == 2)
		*val = BVMCONS_SIGNATURE;
	else if (size == 4)
		*val = get_byte(cons);
	else
		*val = 0;
	return 0;
}

int bvmcons_init(const struct machine *machine, struct console *cons)
{
	struct mem_range mr = {
		.name = "bvmcons",
		.flags = MEM_F_RW,
		.handler = access_bvmcons,
		.arg1 = cons,
		.base = machine->map[MACHINE_BVMCONS].base,
		.size = 4,
	};

	return register_mem(&mr);
}
