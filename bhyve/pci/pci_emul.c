/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of the bus: making them, and their configuration space. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/machine/machine.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/pci/pci_impl.h"
#include "bhyve/machine/reset.h"
#include "bhyve/virtio/virtio.h"
#include "bhyve/virtio/virtio_pci.h"

extern const struct pci_devemu *const __start_pci_devemus[];
extern const struct pci_devemu *const __stop_pci_devemus[];

static struct pci_devinst *functions[PCI_SLOTS][PCI_FUNCS];

const struct pci_devemu *pci_emul_find(const char *name)
{
	const struct pci_devemu *const *p;

	for (p = __start_pci_devemus; p < __stop_pci_devemus; p++)
		if (strcmp((*p)->name, name) == 0)
			return *p;
	return NULL;
}

void pci_emul_list(void)
{
	const struct pci_devemu *const *p;

	for (p = __start_pci_devemus; p < __stop_pci_devemus; p++)
		puts((*p)->name);
}

struct pci_devinst *pci_device(unsigned int slot, unsigned int func)
{
	return functions[slot][func];
}

static void set_cfg(struct pci_devinst *pi, uint32_t off, uint32_t val,
		    unsigned int size)
{
	memcpy(&pi->cfg[off], &val, size);
}

static void allow_cfg(struct pci_devinst *pi, uint32_t off, uint32_t bits,
		      unsigned int size)
{
	memcpy(&pi->cfg_mask[off], &bits, size);
}

void pci_set_cfgdata8(struct pci_devinst *pi, uint32_t off, uint8_t val)
{
	set_cfg(pi, off, val, 1);
}

void pci_set_cfgdata16(struct pci_devinst *pi, uint32_t off, uint16_t val)
{
	set_cfg(pi, off, val, 2);
}

void pci_set_cfgdata32(struct pci_devinst *pi, uint32_t off, uint32_t val)
{
	set_cfg(pi, off, val, 4);
}

uint16_t pci_get_cfgdata16(const struct pci_devinst *pi, uint32_t off)
{
	uint16_t val;

	memcpy(&val, &pi->cfg[off], sizeof(val));
	return val;
}

uint32_t pci_get_cfgdata32(const struct pci_devinst *pi, uint32_t off)
{
	uint32_t val;

	memcpy(&val, &pi->cfg[off], sizeof(val));
	return val;
}

/* PCI 6.7: each capability names the next one, on a 4-byte boundary. */
uint8_t pci_add_capability(struct pci_devinst *pi, const void *cap,
			   uint8_t len)
{
	uint8_t at = pi->cap_end;

	if (at + len > PCI_CFG_SIZE)
		die("%s: no room for a capability", pi->name);
	memcpy(&pi->cfg[at], cap, len);
	pi->cfg[at + 1] = 0;
	if (pi->cap_last)
		pi->cfg[pi->cap_last + 1] = at;
	else
		pi->cfg[PCIR_CAP_PTR] = at;
	pi->cfg[PCIR_STATUS] |= PCIM_STATUS_CAPPRESENT;
	pi->cap_last = at;
	pi->cap_end = (at + len + 3) & ~3;
	return at;
}

void pci_alloc_bar(struct pci_devinst *pi, int bar, uint32_t size)
{
	uint32_t rounded = 4096;

	/* Pages of their own, so that a guest can hand a BAR to a process. */
	while (rounded < size)
		rounded <<= 1;
	pci_window.next = (pci_window.next + rounded - 1) & ~(rounded - 1ull);
	if (pci_window.next + rounded > pci_window.end)
		die("%s: the PCI memory window is full: use fewer devices",
		    pi->name);
	pi->bar[bar].size = rounded;
	pci_set_cfgdata32(pi, PCIR_BAR(bar), pci_window.next);
	allow_cfg(pi, PCIR_BAR(bar), ~(rounded - 1), 4);
	pci_window.next += rounded;
}

void pci_request_intx(struct pci_devinst *pi)
{
	pci_set_cfgdata8(pi, PCIR_INTPIN, 1);
}

void pci_update_intx(struct pci_devinst *pi)
{
	bool up = pi->intx && !pci_msix_enabled(pi) &&
		  !(pci_get_cfgdata16(pi, PCIR_COMMAND) & PCIM_CMD_INTxDIS);

	if (up == pi->intx_line)
		return;
	pi->intx_line = up;
	pci_intx_line(pci_intx_swizzle(pi->slot), up);
}

void pci_set_intx(struct pci_devinst *pi, bool level)
{
	pthread_mutex_lock(&pi->lock);
	pi->intx = level;
	if (level)
		pi->cfg[PCIR_STATUS] |= PCIM_STATUS_INTx;
	else
		pi->cfg[PCIR_STATUS] &= ~PCIM_STATUS_INTx;
	pci_update_intx(pi);
	pthread_mutex_unlock(&pi->lock);
}

uint32_t pci_cfg_read(struct pci_devinst *pi, uint32_t off, int size)
{
	uint32_t val = 0;

	if (off >= PCI_CFG_SIZE)
		return 0; /* no extended capabilities */
	if (pi->emul->cfg_read && pi->emul->cfg_read(pi, off, size, &val))
		return val;
	pthread_mutex_lock(&pi->lock);
	memcpy(&val, &pi->cfg[off], size);
	pthread_mutex_unlock(&pi->lock);
	return val;
}

static void store_cfg(struct pci_devinst *pi, uint32_t off, int size,
		      uint32_t val)
{
	int i;

	for (i = 0; i < size; i++, val >>= 8) {
		uint8_t mask = pi->cfg_mask[off + i];

		pi->cfg[off + i] = (pi->cfg[off + i] & ~mask) | (val & mask);
	}
}

void pci_cfg_write(struct pci_devinst *pi, uint32_t off, int size,
		   uint32_t val)
{
	if (off >= PCI_CFG_SIZE)
		return;
	if (pi->emul->cfg_write && pi->emul->cfg_write(pi, off, size, val))
		return;
	pthread_mutex_lock(&pi->lock);
	store_cfg(pi, off, size, val);
	pci_update_bars(pi);
	if (pi->msix_cap)
		pci_msix_control_written(pi);
	pci_update_intx(pi);
	pthread_mutex_unlock(&pi->lock);
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
	pi->cap_end = 0x40; /* the header ends here: PCI 6.1 */
	snprintf(pi->name, sizeof(pi->name), "pci 0:%u:%u", slot, func);
	pthread_mutex_init(&pi->lock, NULL);
	allow_cfg(pi, PCIR_COMMAND,
		  PCIM_CMD_MEMEN | PCIM_CMD_BUSMASTEREN | PCIM_CMD_INTxDIS, 2);
	allow_cfg(pi, PCIR_INTLINE, 0xff, 1);
	functions[slot][func] = pi;
	return pi;
}

static void make_function(unsigned int slot, unsigned int func,
			  const char *emulation, struct config_node *node,
			  void *arg)
{
	const struct virtio_dev_ops *vdev = virtio_find(emulation);
	const struct pci_devemu *emul = pci_emul_find(emulation);
	struct pci_devinst *pi;

	if (vdev && virtio_transport_kind() != VIRTIO_ON_PCI)
		return;
	if (!vdev && !emul)
		die("pci 0:%u:%u: no emulation \"%s\"; -s help lists them",
		    slot, func, emulation);
	pi = new_function(arg, slot, func);
	pi->emul = vdev ? &virtio_pci_emul : emul;
	if (vdev)
		virtio_pci_init(pi, vdev, node);
	else
		emul->init(pi, node);
	/* Ready for use as it is, as firmware would leave it; who wants to
	 * place BARs anew may. */
	pci_cfg_write(pi, PCIR_COMMAND, 2, PCIM_CMD_MEMEN);
}

/* Functions beyond 0 are looked for only where function 0 exists and says so
 * (PCI 3.2.2.3.4). Returns whether the slot has any. */
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

/* RST# (PCI 4.3.2), and what firmware has set up since: pci_update_bars(). */
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

static void keep_reset_values(unsigned int slot)
{
	unsigned int f;

	for (f = 0; f < PCI_FUNCS; f++) {
		struct pci_devinst *pi = functions[slot][f];

		if (!pi)
			continue;
		memcpy(pi->cfg_reset, pi->cfg, sizeof(pi->cfg));
		register_reset(reset_function, pi);
	}
}

void init_pci(struct vmctx *ctx, const struct machine *m)
{
	bool any = false;
	unsigned int s;

	pci_window.base = m->map[MACHINE_PCI_MMIO].base;
	pci_window.end = m->map[MACHINE_BVMCONS].base & ~0xffffffull;
	pci_window.next = pci_window.base;
	pci_walk_slots(make_function, ctx);
	for (s = 0; s < PCI_SLOTS; s++) {
		any |= mark_multifunction(s);
		keep_reset_values(s);
	}
	if (!any)
		return;
	init_gicv2m(ctx, m);
	init_pci_host(ctx, m);
}
