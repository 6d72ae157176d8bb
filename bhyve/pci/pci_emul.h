/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What main() needs of PCI: the slots of the command line and the bus.
 * Devices include pci_dev.h.
 */
#ifndef BHYVE_PCI_EMUL_H
#define BHYVE_PCI_EMUL_H

#include <stdbool.h>
#include <stdint.h>

struct config_node;
struct machine;
struct vmctx;

/*
 * "slot,emulation[,conf]" with slot as S, S:F or B:S:F, into pci.B.S.F.*;
 * "help" lists the emulations. 0; -EINVAL: it is wrong, and was said to be.
 * After init_config(), any number of times.
 */
int pci_parse_slot(const char *opt);

/*
 * Makes the host bridge and the devices of pci.*, and with any of them the GICv2m
 * frame and what the device tree says. At start-up, after the memory and the
 * interrupt controller, before the device tree; says what is wrong and exits.
 */
void init_pci(struct vmctx *ctx, const struct machine *m);

/*
 * Calls func for each configured device in the order bus, slot, function;
 * emulation is its pci.*.device.
 */
typedef void (*pci_slot_func_t)(unsigned int slot, unsigned int func,
				const char *emulation,
				struct config_node *node, void *arg);
void pci_walk_slots(pci_slot_func_t func, void *arg);

#endif /* BHYVE_PCI_EMUL_H */
