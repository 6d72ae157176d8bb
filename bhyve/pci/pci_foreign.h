/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices that other machines have, by the names people know them by. */
#ifndef BHYVE_PCI_FOREIGN_H
#define BHYVE_PCI_FOREIGN_H

#include <stdbool.h>

/* bhyve's lpc holds what is elsewhere here: it is accepted, and nothing comes of it. */
bool pci_foreign_is_nothing(const char *name);

/* What to give in place of a device there is not; NULL: it is not known at all. */
const char *pci_foreign_mend(const char *name);

#endif /* BHYVE_PCI_FOREIGN_H */
