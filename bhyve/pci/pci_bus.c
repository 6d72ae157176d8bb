/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and resets the functions on the bus. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/device.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/pci/pci_impl.h"
#include "lib/snapshot.h"

#define FIRST_PORT 0x1000

static struct pci_devinst *functions[PCI_SLOTS][PCI_FUNCS];

struct pci_devinst *pci_device(unsigned int slot, unsigned int func)
{
	return functions[slot][func];
}

static struct pci_devinst *new_function(struct vmctx *ctx, unsigned int slot,
					unsigned int func)
{
	struct pci_devinst *pi = calloc(1, sizeof(*pi));

	if (!pi)
		die("pci 0:%u:%u: out of memory", slot, func);
	pi->ctx = ctx;
	pi->slot = slot;
	pi->func = func;
	pi->cap_end = 0x40; /* end of the header (PCI, 6.1) */
	snprintf(pi->name, sizeof(pi->name), "pci 0:%u:%u", slot, func);
	pthread_mutex_init(&pi->lock, NULL);
	pci_allow_cfg(pi, PCIR_COMMAND,
		      PCIM_CMD_PORTEN | PCIM_CMD_MEMEN | PCIM_CMD_BUSMASTEREN |
			      PCIM_CMD_INTxDIS,
		      2);
	pci_allow_cfg(pi, PCIR_INTLINE, 0xff, 1);
	functions[slot][func] = pi;
	return pi;
}

static void make_function(unsigned int slot, unsigned int func,
			  const char *emulation, struct config_node *node,
			  void *arg)
{
	const struct pci_devemu *emul = pci_emul_find(emulation);
	struct pci_devinst *pi;

	if (!emul)
		die("pci 0:%u:%u: no emulation \"%s\"; -s help lists them",
		    slot, func, emulation);
	if (emul->elsewhere && emul->elsewhere())
		return;
	pi = new_function(arg, slot, func);
	pi->emul = emul;
	emul->init(pi, node);
	/*
	 * Ready for use, as firmware would leave it; the guest may place BARs
	 * again.
	 */
	pci_cfg_write(pi, PCIR_COMMAND, 2, PCIM_CMD_PORTEN | PCIM_CMD_MEMEN);
}

/*
 * Functions above 0 are looked for only if function 0 exists and says so (PCI,
 * 3.2.2.3.4). Returns whether the slot has a function.
 */
static bool mark_multifunction(unsigned int slot)
{
	bool others = false;
	unsigned int f;

	for (f = 1; f < PCI_FUNCS; f++)
		others |= functions[slot][f] != NULL;
	if (others && !functions[slot][0])
		die("pci slot %u has no function 0, and guests look no "
		    "further: give it one",
		    slot);
	if (others)
		functions[slot][0]->cfg[PCIR_HDRTYPE] |= PCIM_MFDEV;
	return functions[slot][0] != NULL;
}

/* RST# (PCI, 4.3.2), and what firmware would set up: pci_update_bars(). */
static void reset_function(void *arg)
{
	struct pci_devinst *pi = arg;

	pthread_mutex_lock(&pi->lock);
	memcpy(pi->cfg, pi->cfg_reset, sizeof(pi->cfg));
	pi->intx = false;
	pci_msix_reset(pi);
	pci_update_bars(pi);
	pci_update_intx(pi);
	pthread_mutex_unlock(&pi->lock);
}

/*
 * Loads the bits that the guest may write, and the one that shows INTx. All
 * other bits say which device this is; if one differs, the snapshot has another
 * device.
 */
static void cfg_state(struct pci_devinst *pi, struct state *s)
{
	uint8_t cfg[PCI_CFG_SIZE], writable;

	memcpy(cfg, pi->cfg, sizeof(cfg));
	state_bytes(s, "configuration space", cfg, sizeof(cfg));
	for (unsigned int i = 0; i < PCI_CFG_SIZE && state_is_good(s); i++) {
		writable = pi->cfg_mask[i] |
			   (i == PCIR_STATUS ? PCIM_STATUS_INTx : 0);
		if ((cfg[i] ^ pi->cfg[i]) & ~writable)
			state_fail(s,
				   "it is another device in the snapshot (byte"
				   " 0x%x of its configuration space)",
				   i);
	}
	if (state_is_loaded(s))
		memcpy(pi->cfg, cfg, sizeof(cfg));
}

static void function_state(void *arg, struct state *s)
{
	struct pci_devinst *pi = arg;

	pthread_mutex_lock(&pi->lock);
	cfg_state(pi, s);
	STATE(s, pi, intx);
	pci_msix_state(pi, s);
	if (state_is_loaded(s)) {
		pci_update_bars(pi);
		pci_update_intx(pi);
	}
	pthread_mutex_unlock(&pi->lock);
}

static void keep_reset_values(unsigned int slot)
{
	unsigned int f;

	for (f = 0; f < PCI_FUNCS; f++) {
		struct pci_devinst *pi = functions[slot][f];

		if (!pi)
			continue;
		memcpy(pi->cfg_reset, pi->cfg, sizeof(pi->cfg));
		register_device("pci", SNAPSHOT_AT(slot, f), reset_function,
				function_state, pi);
	}
}

/*
 * No BAR begins at port 0, which some guests take for none at all; but EDK2
 * puts one there.
 */
static void make_windows(const struct machine *m)
{
	const struct machine_range *mem = &m->map[MACHINE_PCI_MMIO];
	const struct machine_range *io = &m->map[MACHINE_PCI_PIO];

	pci_mem_window = (struct pci_window){
		.base = mem->base,
		.end = m->map[MACHINE_BVMCONS].base & ~0xffffffull,
		.next = mem->base,
	};
	pci_io_window = (struct pci_window){
		.end = io->size,
		.next = FIRST_PORT,
		.gpa = io->base,
	};
}

void init_pci(struct vmctx *ctx, const struct machine *m)
{
	bool any = false;
	unsigned int s;

	make_windows(m);
	pci_walk_slots(make_function, ctx);
	for (s = 0; s < PCI_SLOTS; s++) {
		any |= mark_multifunction(s);
		keep_reset_values(s);
	}
	init_pci_host(ctx, m);
	if (!any)
		return;
	init_gicv2m(ctx, m);
	add_pci_host_node();
}
