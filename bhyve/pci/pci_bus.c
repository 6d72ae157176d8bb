/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and resets the functions on the bus. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/base/thread.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/device.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/pci/pci_impl.h"
#include "lib/snapshot.h"

#define FIRST_PORT 0x1000

/*
 * What is on the bus. It changes while the VM runs, but only when no vCPU is in the
 * guest or on its way to a device.
 */
static struct pci_devinst *functions[PCI_SLOTS][PCI_FUNCS];
static bool in_use; /* the guest has been told of the bus */

struct pci_devinst *pci_device(unsigned int slot, unsigned int func)
{
	return functions[slot][func];
}

static struct pci_devinst *new_function(struct vmctx *ctx, unsigned int slot,
					unsigned int func)
{
	struct pci_devinst *pi = calloc(1, sizeof(*pi));

	if (!pi) {
		refuse("pci 0:%u:%u: out of memory", slot, func);
		return NULL;
	}
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

/* 0; -EINVAL after printing the error. */
static int make_function(struct vmctx *ctx, unsigned int slot,
			 unsigned int func, const char *emulation,
			 struct config_node *node)
{
	const struct pci_devemu *emul = pci_emul_find(emulation);
	struct pci_devinst *pi;

	if (!emul)
		return refuse("pci 0:%u:%u: no emulation \"%s\"; -s help lists"
			      " them",
			      slot, func, emulation);
	if (emul->elsewhere && emul->elsewhere())
		return 0;
	pi = new_function(ctx, slot, func);
	if (!pi)
		return -EINVAL;
	pi->emul = emul;
	if (emul->init(pi, node))
		return -EINVAL;
	/*
	 * Ready for use, as firmware would leave it; the guest may place BARs
	 * again.
	 */
	pci_cfg_write(pi, PCIR_COMMAND, 2, PCIM_CMD_PORTEN | PCIM_CMD_MEMEN);
	return 0;
}

static void make_at_start(unsigned int slot, unsigned int func,
			  const char *emulation, struct config_node *node,
			  void *arg)
{
	if (make_function(arg, slot, func, emulation, node))
		exit_with_error();
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

void pci_place_bars(void)
{
	for (unsigned int n = 0; n < PCI_SLOTS * PCI_FUNCS; n++) {
		struct pci_devinst *pi =
			functions[n / PCI_FUNCS][n % PCI_FUNCS];

		if (!pi)
			continue;
		pthread_mutex_lock(&pi->lock);
		pci_update_bars(pi);
		pthread_mutex_unlock(&pi->lock);
	}
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
	pci_place_bars();
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
	if (state_is_loaded(s))
		pci_place_bars();
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
		.first = mem->base,
	};
	pci_io_window = (struct pci_window){
		.end = io->size,
		.first = FIRST_PORT,
		.gpa = io->base,
	};
}

void init_pci(struct vmctx *ctx, const struct machine *m)
{
	bool any = false;
	unsigned int s;

	memset(functions, 0, sizeof(functions));
	make_windows(m);
	pci_walk_slots(make_at_start, ctx);
	for (s = 0; s < PCI_SLOTS; s++) {
		any |= mark_multifunction(s);
		keep_reset_values(s);
	}
	init_pci_host(ctx, m);
	in_use = any;
	if (!any)
		return;
	start_thread_maker(); /* for disks that are attached later */
	init_gicv2m(ctx, m);
	add_pci_host_node();
}

static bool is_free(unsigned int slot)
{
	for (unsigned int f = 0; f < PCI_FUNCS; f++)
		if (functions[slot][f])
			return false;
	return true;
}

/* As after its power-up: it answers only in configuration space (PCI, 6.2.2). */
static void power_up(struct pci_devinst *pi)
{
	pci_cfg_write(pi, PCIR_COMMAND, 2, 0);
}

static struct config_node *node_at(unsigned int slot)
{
	char path[32];

	snprintf(path, sizeof(path), "pci.0.%u.0", slot);
	return find_config_node(path);
}

int pci_attach(struct vmctx *ctx, unsigned int slot)
{
	struct config_node *node = node_at(slot);
	struct pci_devinst *pi;

	if (!node || !is_free(slot))
		return refuse("pci slot %u: a device is attached as function 0"
			      " of a free slot",
			      slot);
	if (in_use &&
	    make_function(ctx, slot, 0, get_config_value_node(node, "device"),
			  node))
		return -EINVAL;
	pi = functions[slot][0];
	if (!pi)
		return refuse(
			"pci slot %u: the guest has no PCI bus, or not for"
			" this: start it with -s 0,hostbridge, and"
			" virtio.transport=pci",
			slot);
	keep_reset_values(slot);
	power_up(pi);
	pi->attached = true;
	return 0;
}

/* Takes away what make_function() has made, as far as it got. */
static void remove_function(struct pci_devinst *pi)
{
	pthread_mutex_lock(&pi->lock);
	pci_set_cfgdata16(pi, PCIR_COMMAND, 0);
	pci_update_bars(pi);
	pthread_mutex_unlock(&pi->lock);
	if (pi->emul->close)
		pi->emul->close(pi);
	pci_set_intx(pi, false);
	unregister_device(pi);
	functions[pi->slot][pi->func] = NULL;
	pthread_mutex_destroy(&pi->lock);
	free(pi->doorbells);
	free(pi->msix);
	free(pi->msix_pending);
	free(pi);
}

static struct pci_devinst *function_0(unsigned int slot)
{
	return slot < PCI_SLOTS ? functions[slot][0] : NULL;
}

void pci_unmake(unsigned int slot)
{
	struct pci_devinst *pi = function_0(slot);
	char path[32];

	if (pi)
		remove_function(pi);
	snprintf(path, sizeof(path), "pci.0.%u", slot);
	remove_config_node(path);
}

const char *pci_detach(unsigned int slot, bool force)
{
	struct pci_devinst *pi = function_0(slot);

	if (!pi)
		return "there is no device in that slot";
	if (!pi->attached)
		return "only what was attached can be detached";
	if (!force && pi->emul->in_use(pi))
		return "the guest uses it: have it removed there (echo 1"
		       " >/sys/bus/pci/devices/0000:00:SLOT.0/remove, the slot"
		       " in hex), or force it off";
	pi->emul->stop(pi);
	pci_unmake(slot);
	return NULL;
}
