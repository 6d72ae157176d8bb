/* SPDX-License-Identifier: BSD-2-Clause */
/* MSI-X (PCI, 6.8.2). The table and the PBA have a BAR of their own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/pci/pci_impl.h"

#define MSIX_CTRL	  2 /* offset in the capability (PCI, 6.8.2.3) */
#define MSIX_CTRL_ENABLE  0x8000
#define MSIX_CTRL_MASKED  0x4000
#define MSIX_ENTRY_MASKED 1u
#define MSIX_ENTRY_SIZE	  sizeof(struct msix_entry)

static uint32_t pba_offset(const struct pci_devinst *pi)
{
	return (pi->msix_count * MSIX_ENTRY_SIZE + 7) & ~7u;
}

static uint32_t pba_words(const struct pci_devinst *pi)
{
	return (pi->msix_count + 63u) / 64;
}

static uint16_t control(const struct pci_devinst *pi)
{
	return pci_get_cfgdata16(pi, pi->msix_cap + MSIX_CTRL);
}

bool pci_msix_enabled(struct pci_devinst *pi)
{
	return pi->msix_cap && (control(pi) & MSIX_CTRL_ENABLE);
}

int pci_add_msix(struct pci_devinst *pi, int bar, uint16_t count)
{
	struct {
		uint8_t id;
		uint8_t next;
		uint16_t control;
		uint32_t table;
		uint32_t pba;
	} cap = { .id = PCIY_MSIX, .control = count - 1, .table = bar };

	pi->msix_count = count;
	pi->msix = calloc(count, sizeof(*pi->msix));
	pi->msix_pending = calloc(pba_words(pi), sizeof(uint64_t));
	if (!pi->msix || !pi->msix_pending)
		return refuse("%s: out of memory", pi->name);
	pci_msix_reset(pi);
	cap.pba = pba_offset(pi) | bar;
	if (pci_alloc_bar(pi, bar, pba_offset(pi) + 8 * pba_words(pi)))
		return -EINVAL;
	pi->msix_bar = bar;
	pi->msix_cap = pci_add_capability(pi, &cap, sizeof(cap));
	pi->cfg_mask[pi->msix_cap + MSIX_CTRL + 1] =
		(MSIX_CTRL_ENABLE | MSIX_CTRL_MASKED) >> 8;
	return 0;
}

/* Masks all vectors and drops what is pending, as a reset does (PCI, 6.8.2.9). */
void pci_msix_reset(struct pci_devinst *pi)
{
	uint16_t i;

	for (i = 0; i < pi->msix_count; i++)
		pi->msix[i] =
			(struct msix_entry){ .control = MSIX_ENTRY_MASKED };
	if (pi->msix_count)
		memset(pi->msix_pending, 0, pba_words(pi) * sizeof(uint64_t));
	pi->msix_faulted = false;
	pci_update_irqfds(pi);
}

static uint64_t address(const struct msix_entry *e)
{
	return (uint64_t)e->addr_hi << 32 | e->addr_lo;
}

static void entry_state(struct msix_entry *e, struct state *s)
{
	STATE(s, e, addr_lo);
	STATE(s, e, addr_hi);
	STATE(s, e, data);
	STATE_MAX(s, e, control, MSIX_ENTRY_MASKED);
}

void pci_msix_state(struct pci_devinst *pi, struct state *s)
{
	state_same(s, "the number of MSI-X vectors", pi->msix_count);
	for (unsigned int i = 0; i < pi->msix_count; i++)
		entry_state(&pi->msix[i], s);
	if (pi->msix_count)
		state_bytes(s, "pending", pi->msix_pending,
			    pba_words(pi) * sizeof(uint64_t));
	/* Bits of the last word that have no vector stay 0. */
	if (pi->msix_count % 64)
		pi->msix_pending[pi->msix_count / 64] &=
			(1ull << pi->msix_count % 64) - 1;
}

/* The guest's table chooses the address; only GICv2m takes messages. */
static bool send(struct pci_devinst *pi, const struct msix_entry *e)
{
	if (gicv2m_message(address(e), e->data))
		return true;
	if (!pi->msix_faulted)
		guest_println(
			"%s: the guest's MSI-X table points to 0x%08x%08x, "
			"data 0x%x, where no interrupt controller is",
			pi->name, e->addr_hi, e->addr_lo, e->data);
	pi->msix_faulted = true;
	return false;
}

static bool masked(const struct pci_devinst *pi, uint16_t vector)
{
	return (control(pi) & MSIX_CTRL_MASKED) ||
	       (pi->msix[vector].control & MSIX_ENTRY_MASKED);
}

uint32_t pci_msix_intid(struct pci_devinst *pi, uint16_t vector)
{
	const struct msix_entry *e;

	if (vector >= pi->msix_count || !pci_msix_enabled(pi) ||
	    masked(pi, vector))
		return 0;
	e = &pi->msix[vector];
	return gicv2m_intid(address(e), e->data);
}

bool pci_generate_msix(struct pci_devinst *pi, uint16_t vector)
{
	bool ok = true;

	pthread_mutex_lock(&pi->lock);
	if (vector >= pi->msix_count || !pci_msix_enabled(pi))
		ok = true;
	else if (masked(pi, vector))
		pi->msix_pending[vector / 64] |= 1ull << (vector % 64);
	else
		ok = send(pi, &pi->msix[vector]);
	pthread_mutex_unlock(&pi->lock);
	return ok;
}

static void send_pending(struct pci_devinst *pi, uint16_t vector)
{
	uint64_t bit = 1ull << (vector % 64);

	if (!(pi->msix_pending[vector / 64] & bit) || masked(pi, vector))
		return;
	pi->msix_pending[vector / 64] &= ~bit;
	send(pi, &pi->msix[vector]);
}

void pci_msix_control_written(struct pci_devinst *pi)
{
	uint16_t i;

	for (i = 0; i < pi->msix_count && pci_msix_enabled(pi); i++)
		send_pending(pi, i);
	pci_update_irqfds(pi);
}

/* Software has to use aligned accesses of 4 or 8 bytes (PCI, 6.8.2). */
static bool proper(uint64_t off, int size)
{
	return (size == 4 || size == 8) && off % size == 0;
}

uint64_t pci_msix_read(struct pci_devinst *pi, uint64_t off, int size)
{
	uint32_t table = pi->msix_count * MSIX_ENTRY_SIZE;
	uint64_t val = 0;

	if (!proper(off, size))
		return 0;
	pthread_mutex_lock(&pi->lock);
	if (off < table)
		memcpy(&val, (char *)pi->msix + off, size);
	else if (off >= pba_offset(pi) &&
		 off < pba_offset(pi) + 8 * pba_words(pi))
		memcpy(&val, (char *)pi->msix_pending + off - pba_offset(pi),
		       size);
	pthread_mutex_unlock(&pi->lock);
	return val;
}

/* The PBA is read-only. */
void pci_msix_write(struct pci_devinst *pi, uint64_t off, int size,
		    uint64_t val)
{
	if (!proper(off, size) || off >= pi->msix_count * MSIX_ENTRY_SIZE)
		return;
	pthread_mutex_lock(&pi->lock);
	memcpy((char *)pi->msix + off, &val, size);
	pi->msix[off / MSIX_ENTRY_SIZE].control &= MSIX_ENTRY_MASKED;
	if (pci_msix_enabled(pi))
		send_pending(pi, off / MSIX_ENTRY_SIZE);
	pci_update_irqfds(pi);
	pthread_mutex_unlock(&pi->lock);
}
