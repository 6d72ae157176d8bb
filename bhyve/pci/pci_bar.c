/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts BARs on the bus where the guest has placed them. */
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/machine/mem.h"
#include "bhyve/pci/pci_impl.h"

struct pci_window pci_mem_window, pci_io_window;

/*
 * The BAR may have moved since the bus has looked it up; then nothing answers.
 */
static bool bar_offset(struct pci_devinst *pi, int bar, uint64_t addr, int size,
		       uint64_t *off)
{
	struct pci_bar *b = &pi->bar[bar];
	bool inside;

	pthread_mutex_lock(&pi->lock);
	*off = addr - b->addr;
	inside = b->mapped && *off < b->size &&
		 (unsigned int)size <= b->size - *off;
	pthread_mutex_unlock(&pi->lock);
	return inside;
}

static uint64_t bar_read(struct pci_devinst *pi, int bar, uint64_t off,
			 int size)
{
	if (pi->msix_cap && bar == pi->msix_bar)
		return pci_msix_read(pi, off, size);
	return pi->emul->bar_read(pi, bar, off, size);
}

static void bar_write(struct pci_devinst *pi, int bar, uint64_t off, int size,
		      uint64_t val)
{
	if (pi->msix_cap && bar == pi->msix_bar)
		pci_msix_write(pi, off, size, val);
	else
		pi->emul->bar_write(pi, bar, off, size, val);
}

static int bar_handler(struct vcpu *vcpu, int dir, uint64_t addr, int size,
		       uint64_t *val, void *arg1, long arg2)
{
	struct pci_devinst *pi = arg1;
	uint64_t off;

	(void)vcpu;
	if (!bar_offset(pi, arg2, addr, size, &off)) {
		*val = ~0ull; /* as after a master abort (PCI, 3.3.3.1) */
		return 0;
	}
	if (dir == MEM_F_READ)
		*val = bar_read(pi, arg2, off, size);
	else
		bar_write(pi, arg2, off, size, *val);
	return 0;
}

int pci_add_doorbell(struct pci_devinst *pi, int bar, uint32_t off, int fd)
{
	struct pci_doorbell *d =
		reallocarray(pi->doorbells, pi->ndoorbells + 1, sizeof(*d));

	if (!d)
		return refuse("%s: out of memory", pi->name);
	pi->doorbells = d;
	d[pi->ndoorbells++] = (struct pci_doorbell){ bar, off, fd };
	return 0;
}

static void move_doorbells(struct pci_devinst *pi, int bar, bool map)
{
	unsigned int i;

	for (i = 0; i < pi->ndoorbells; i++) {
		const struct pci_doorbell *d = &pi->doorbells[i];
		uint64_t at = pi->bar[bar].addr + d->off;

		if (d->bar != bar)
			continue;
		if (map)
			vm_ioeventfd_assign(pi->ctx, d->fd, at, 0, NULL);
		else
			vm_ioeventfd_deassign(pi->ctx, d->fd, at, 0, NULL);
	}
}

static void move_bar(struct pci_devinst *pi, int bar, uint64_t addr, bool map)
{
	struct pci_bar *b = &pi->bar[bar];
	struct mem_range mr = {
		.name = pi->name,
		.flags = MEM_F_RW,
		.handler = bar_handler,
		.arg1 = pi,
		.arg2 = bar,
		.base = b->addr,
		.size = b->size,
	};

	if (b->mapped && map && b->addr == addr)
		return;
	if (b->mapped) {
		move_doorbells(pi, bar, false);
		unregister_mem(&mr);
	}
	b->addr = mr.base = addr;
	/*
	 * A BAR that overlaps another device does not answer: a guest that
	 * sizes BARs with decoding on passes such addresses.
	 */
	b->mapped = map && register_mem(&mr) == 0;
	if (b->mapped)
		move_doorbells(pi, bar, true);
}

/* Stores where the guest has put the BAR; false: it is off or outside its window. */
static bool bar_place(struct pci_devinst *pi, int bar, uint64_t *gpa)
{
	const struct pci_bar *b = &pi->bar[bar];
	const struct pci_window *w = b->io ? &pci_io_window : &pci_mem_window;
	uint16_t enable = b->io ? PCIM_CMD_PORTEN : PCIM_CMD_MEMEN;
	uint64_t addr = pci_get_cfgdata32(pi, PCIR_BAR(bar)) & -b->size;

	*gpa = w->gpa + addr;
	return (pci_get_cfgdata16(pi, PCIR_COMMAND) & enable) &&
	       addr >= w->base && addr + b->size <= w->end;
}

void pci_update_bars(struct pci_devinst *pi)
{
	int i;

	for (i = 0; i < PCI_BARS; i++) {
		uint64_t gpa;
		bool map;

		if (!pi->bar[i].size)
			continue;
		map = bar_place(pi, i, &gpa);
		move_bar(pi, i, gpa, map);
	}
}
