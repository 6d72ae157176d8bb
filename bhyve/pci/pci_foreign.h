/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices of other machines, by the names that people know. */
#ifndef BHYVE_PCI_FOREIGN_H
#define BHYVE_PCI_FOREIGN_H

#include <stdbool.h>

/*
 * Whether it is lpc, which is accepted without effect: its devices are
 * elsewhere in this machine.
 */
bool pci_foreign_is_nothing(const char *name);

/*
 * What to use instead of a device that does not exist here; NULL: the name is
 * unknown.
 */
const char *pci_foreign_mend(const char *name);

#endif /* BHYVE_PCI_FOREIGN_H */
