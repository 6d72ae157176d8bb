/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills configuration space for the devices. */
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/pci/pci_impl.h"

static void set_cfg(struct pci_devinst *pi, uint32_t off, uint32_t val,
		    unsigned int size)
{
	memcpy(&pi->cfg[off], &val, size);
}

void pci_allow_cfg(struct pci_devinst *pi, uint32_t off, uint32_t bits,
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

/* Each capability points to the next, and is 4-byte aligned (PCI, 6.7). */
uint8_t pci_add_capability(struct pci_devinst *pi, const void *cap, uint8_t len)
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
