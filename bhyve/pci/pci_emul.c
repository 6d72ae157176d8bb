/* SPDX-License-Identifier: BSD-2-Clause */
/* What all functions on the bus share: BARs, INTx, configuration accesses. */
#include <stdio.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/pci/pci_impl.h"

extern const struct pci_devemu *const __start_pci_devemus[];
extern const struct pci_devemu *const __stop_pci_devemus[];

static bool serves(const struct pci_devemu *emul, const char *name)
{
	return emul->serves ? emul->serves(name) : !strcmp(emul->name, name);
}

const struct pci_devemu *pci_emul_find(const char *name)
{
	const struct pci_devemu *const *p;

	for (p = __start_pci_devemus; p < __stop_pci_devemus; p++)
		if (serves(*p, name))
			return *p;
	return NULL;
}

void pci_emul_list(void)
{
	const struct pci_devemu *const *p;

	for (p = __start_pci_devemus; p < __stop_pci_devemus; p++)
		(*p)->list ? (*p)->list() : (void)puts((*p)->name);
}

/* Where the first BAR of @pi ends that lies in this range; 0: none does. */
static uint64_t end_in_range(const struct pci_devinst *pi, bool io,
			     uint64_t base, uint64_t size)
{
	for (int i = 0; i < PCI_BARS; i++) {
		const struct pci_bar *b = &pi->bar[i];

		if (b->size && b->io == io && b->home < base + size &&
		    base < b->home + b->size)
			return b->home + b->size;
	}
	return 0;
}

/* The same, of all functions on the bus. */
static uint64_t taken_until(bool io, uint64_t base, uint64_t size)
{
	uint64_t end = 0;

	for (unsigned int n = 0; n < PCI_SLOTS * PCI_FUNCS && !end; n++) {
		const struct pci_devinst *pi =
			pci_device(n / PCI_FUNCS, n % PCI_FUNCS);

		if (pi)
			end = end_in_range(pi, io, base, size);
	}
	return end;
}

/* Where the last BAR on the bus ends; w->first: there is none. */
static uint64_t end_of_last(const struct pci_window *w, bool io)
{
	uint64_t last = w->first, end;

	while ((end = taken_until(io, last, w->end - last)))
		last = end;
	return last;
}

/* The first place for a BAR at or above @at; w->end: there is none. */
static uint64_t find_place(const struct pci_window *w, uint64_t at, bool io,
			   uint32_t size)
{
	uint64_t end;

	for (;;) {
		at = (at + size - 1) & ~(size - 1ull);
		if (at + size > w->end)
			return w->end;
		end = taken_until(io, at, size);
		if (!end)
			return at;
		at = end;
	}
}

/*
 * Behind all others, as long as there is room, and not in a gap between them: a guest
 * that gives BARs new addresses one by one, with decoding on, expects none of the next
 * device's in its way.
 */
static uint64_t choose_place(const struct pci_window *w, bool io, uint32_t size)
{
	uint64_t at = find_place(w, end_of_last(w, io), io, size);

	return at == w->end ? find_place(w, w->first, io, size) : at;
}

/*
 * Allocates a BAR in the window. Its size is the smallest power of two that is
 * not below @least (a power of two) and not below @size.
 */
static int alloc_bar(struct pci_devinst *pi, int bar,
		     const struct pci_window *w, uint32_t least, uint32_t size)
{
	const bool io = pi->bar[bar].io;
	uint32_t rounded = least;
	uint64_t at;

	while (rounded < size)
		rounded <<= 1;
	at = choose_place(w, io, rounded);
	if (at == w->end)
		return refuse("%s: the PCI window is full: use fewer devices",
			      pi->name);
	pi->bar[bar].size = rounded;
	pi->bar[bar].home = at;
	pci_set_cfgdata32(pi, PCIR_BAR(bar), at | (io ? PCIM_BAR_IO_SPACE : 0));
	pci_allow_cfg(pi, PCIR_BAR(bar), ~(rounded - 1), 4);
	return 0;
}

int pci_alloc_bar(struct pci_devinst *pi, int bar, uint32_t size)
{
	/* At least a page, so that a guest can map a BAR into a process. */
	return alloc_bar(pi, bar, &pci_mem_window, 4096, size);
}

int pci_alloc_io_bar(struct pci_devinst *pi, int bar, uint32_t size)
{
	pi->bar[bar].io = true;
	return alloc_bar(pi, bar, &pci_io_window, 4, size);
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

void pci_cfg_write(struct pci_devinst *pi, uint32_t off, int size, uint32_t val)
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
