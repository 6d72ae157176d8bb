/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the PCI bus share; devices include pci_dev.h. */
#ifndef BHYVE_PCI_IMPL_H
#define BHYVE_PCI_IMPL_H

#include "bhyve/base/state.h"
#include "bhyve/pci/pci_dev.h"

struct machine;

/* A range for BARs of one kind, in addresses of the bus. */
struct pci_window {
	uint64_t base;
	uint64_t end;
	uint64_t first; /* the first address for a BAR */
	uint64_t gpa;	/* where the guest's CPUs see address 0 of the bus */
};
extern struct pci_window pci_mem_window;
extern struct pci_window pci_io_window;

/* The function at this place, or NULL. */
struct pci_devinst *pci_device(unsigned int slot, unsigned int func);

/*
 * Aligned accesses of size 1, 2 or 4 to configuration space, off below 4 KiB.
 */
uint32_t pci_cfg_read(struct pci_devinst *pi, uint32_t off, int size);
void pci_cfg_write(struct pci_devinst *pi, uint32_t off, int size,
		   uint32_t val);

/* Lets the guest write these bits of a field of size 1, 2 or 4 at off. */
void pci_allow_cfg(struct pci_devinst *pi, uint32_t off, uint32_t bits,
		   unsigned int size);

/*
 * Maps the BARs as configuration space says now. The function's lock is held.
 */
void pci_update_bars(struct pci_devinst *pi);

/*
 * The same for all functions, after one has changed: a BAR that overlapped another one
 * is not on the bus, and gets there when the other one has moved away. No function's
 * lock is held.
 */
void pci_place_bars(void);

/* Tells the bus the level of INTA. The function's lock is held. */
void pci_update_intx(struct pci_devinst *pi);

/*
 * The line that INTA of a slot is wired to: each slot starts one line further.
 */
static inline unsigned int pci_intx_swizzle(unsigned int slot)
{
	return slot % 4;
}

/* One function more, or one fewer, holds a line up. */
void pci_intx_line(unsigned int line, bool up);

/*
 * Makes ECAM, the windows and the interrupt lines, which exist even if the VM has no PCI
 * device, and registers the device tree's node.
 */
void init_pci_host(struct vmctx *ctx, const struct machine *m);
void add_pci_host_node(void);

/* Accesses to the MSI-X table and PBA in their BAR. */
uint64_t pci_msix_read(struct pci_devinst *pi, uint64_t off, int size);
void pci_msix_write(struct pci_devinst *pi, uint64_t off, int size,
		    uint64_t val);

/* Resets MSI-X. The function's lock is held. */
void pci_msix_reset(struct pci_devinst *pi);

/* Saves or loads the table and what is pending. The function's lock is held. */
void pci_msix_state(struct pci_devinst *pi, struct state *s);

/*
 * To be called after a write of the message control word: sends the vectors that are
 * pending and no longer masked.
 */
void pci_msix_control_written(struct pci_devinst *pi);

/*
 * The interrupt that a vector sends; 0: it is masked, leads nowhere or does not
 * exist. The function's lock is held.
 */
uint32_t pci_msix_intid(struct pci_devinst *pi, uint16_t vector);

/*
 * To be called when the interrupts to which the vectors lead may have changed: adapts the
 * irqfds. The function's lock is held.
 */
void pci_update_irqfds(struct pci_devinst *pi);

/* Makes the GICv2m frame. */
void init_gicv2m(struct vmctx *ctx, const struct machine *m);

/* The SPI that such an MSI raises; 0: no frame is at that address. */
uint32_t gicv2m_intid(uint64_t addr, uint32_t data);

/* A function writes an MSI. False: no frame is at that address. */
bool gicv2m_message(uint64_t addr, uint32_t data);

#endif /* BHYVE_PCI_IMPL_H */
