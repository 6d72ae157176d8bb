/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCI as main() sees it: the slots of the command line, and the bus. Devices
 * include pci_dev.h.
 */
#ifndef BHYVE_PCI_EMUL_H
#define BHYVE_PCI_EMUL_H

#include <stdbool.h>
#include <stdint.h>

struct config_node;
struct machine;
struct vmctx;

/*
 * Turns "slot,emulation[,conf]", with slot as S, S:F or B:S:F, into
 * pci.B.S.F.*. "help" lists the emulations and exits. 0; -EINVAL after printing
 * the error. After init_config(), any number of times; see config.h for threads.
 */
int pci_parse_slot(const char *opt);

/*
 * Makes the host bridge and the devices of pci.*, and if there is any, the
 * GICv2m frame and the device tree's nodes. At start-up, after memory and
 * interrupt controller, before the device tree. On an error prints it and
 * exits.
 */
void init_pci(struct vmctx *ctx, const struct machine *m);

/*
 * While the VM runs: on the event thread, with no vCPU in the guest.
 *
 * pci_attach() makes the device of pci.0.@slot.0, which the guest finds when it looks at
 * the bus again. 0; or -EINVAL after printing the error, and pci_unmake() takes away what
 * was made, and the keys.
 *
 * pci_detach() takes away a device that was attached. NULL, or why it was not done:
 * without @force a driver must have let go of it.
 */
int pci_attach(struct vmctx *ctx, unsigned int slot);
void pci_unmake(unsigned int slot);
const char *pci_detach(unsigned int slot, bool force);

/*
 * Calls func for each configured device, in the order of bus, slot and
 * function; emulation is the value of its pci.*.device.
 */
typedef void (*pci_slot_func_t)(unsigned int slot, unsigned int func,
				const char *emulation, struct config_node *node,
				void *arg);
void pci_walk_slots(pci_slot_func_t func, void *arg);

#endif /* BHYVE_PCI_EMUL_H */
