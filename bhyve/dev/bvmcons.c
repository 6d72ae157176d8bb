/* SPDX-License-Identifier: BSD-2-Clause */
/* FreeBSD's bvm_console. */
#include <stdbool.h>
#include <unistd.h>
#include "bhyve/dev/bvmcons.h"
#include "bhyve/console/console.h"
#include "bhyve/machine/device.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/machine/stop.h"

#define BVMCONS_SIGNATURE 0x6276

/* Whether the guest has read it, so that input comes here: see bvmcons.h. */
struct bvmcons {
	struct console *cons;
	bool listening;
};

/* The machine has only one. */
static struct bvmcons the_bvmcons;

/*
 * The register cannot report "busy", so the guest's store waits for the user's
 * terminal, unless the vCPU is wanted elsewhere. Then this byte is lost.
 */
static void put_byte(struct console *cons, uint8_t byte)
{
	while (!console_write_later(cons, &byte, 1) && !vcpus_are_to_stop())
		usleep(1000);
}

static void listen(struct bvmcons *b)
{
	b->listening = true;
	console_listen(b->cons, NULL, NULL, NULL);
}

static uint32_t get_byte(struct bvmcons *b)
{
	uint8_t byte;

	listen(b);
	return console_read(b->cons, &byte, 1) ? byte : UINT32_MAX;
}

static int access_bvmcons(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			  uint64_t *val, void *arg1, long arg2)
{
	struct bvmcons *b = arg1;

	(void)vcpu, (void)addr, (void)arg2;
	if (dir == MEM_F_WRITE) {
		if (size == 4)
			put_byte(b->cons, *val);
		return 0;
	}
	if (size == 2)
		*val = BVMCONS_SIGNATURE;
	else if (size == 4)
		*val = get_byte(b);
	else
		*val = 0;
	return 0;
}

/* The serial port's reset takes the input back. */
static void bvmcons_reset(void *arg)
{
	struct bvmcons *b = arg;

	b->listening = false;
}

static void bvmcons_state(void *arg, struct state *s)
{
	struct bvmcons *b = arg;

	STATE(s, b, listening);
	if (state_is_loaded(s) && b->listening)
		listen(b);
}

int bvmcons_init(const struct machine *machine, struct console *cons)
{
	struct mem_range mr = {
		.name = "bvmcons",
		.flags = MEM_F_RW,
		.handler = access_bvmcons,
		.arg1 = &the_bvmcons,
		.base = machine->map[MACHINE_BVMCONS].base,
		.size = 4,
	};

	the_bvmcons = (struct bvmcons){ .cons = cons };
	register_device("bvmcons", 0, bvmcons_reset, bvmcons_state,
			&the_bvmcons);
	return register_mem(&mr);
}
