/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the PCI bus share; devices include pci_dev.h. */
#ifndef BHYVE_PCI_IMPL_H
#define BHYVE_PCI_IMPL_H

#include "bhyve/pci/pci_dev.h"

struct machine;

/* Where BARs may lie, and the first address not given to one yet. */
struct pci_window {
	uint64_t base;
	uint64_t end;
	uint64_t next;
};
extern struct pci_window pci_window;

/* Any function of the bus, by its place; NULL: there is none. */
struct pci_devinst *pci_device(unsigned int slot, unsigned int func);

/* Configuration accesses of size 1, 2 or 4, aligned, at off below 4 KiB. */
uint32_t pci_cfg_read(struct pci_devinst *pi, uint32_t off, int size);
void pci_cfg_write(struct pci_devinst *pi, uint32_t off, int size,
		   uint32_t val);

/* Let the guest write these bits of a field of size 1, 2 or 4 at off. */
void pci_allow_cfg(struct pci_devinst *pi, uint32_t off, uint32_t bits,
		   unsigned int size);

/* Make the mapped BARs be those that the configuration space says. Lock held.
 */
void pci_update_bars(struct pci_devinst *pi);

/* Tell the bus what INTA is now. Lock held. */
void pci_update_intx(struct pci_devinst *pi);

/* The line that INTA of a slot is wired to: each slot begins one further. */
static inline unsigned int pci_intx_swizzle(unsigned int slot)
{
	return slot % 4;
}

/* The bus's side of INTx: one more, or one fewer, holds a line up. */
void pci_intx_line(unsigned int line, bool up);

/*
 * ECAM and the windows, which are there without a device, too; interrupt lines;
 * and, for guests that go by the device tree, the node that tells of them.
 */
void init_pci_host(struct vmctx *ctx, const struct machine *m);
void add_pci_host_node(void);

/* The MSI-X table and PBA, as their BAR shows them. */
uint64_t pci_msix_read(struct pci_devinst *pi, uint64_t off, int size);
void pci_msix_write(struct pci_devinst *pi, uint64_t off, int size,
		    uint64_t val);

/* As after start-up. Lock held. */
void pci_msix_reset(struct pci_devinst *pi);

/* After a write of the message control word: what was held back goes out. */
void pci_msix_control_written(struct pci_devinst *pi);

/* The GICv2m frame. */
void init_gicv2m(struct vmctx *ctx, const struct machine *m);

/* A function's memory write of an MSI. False: nothing there takes it. */
bool gicv2m_message(uint64_t addr, uint32_t data);

#endif /* BHYVE_PCI_IMPL_H */
