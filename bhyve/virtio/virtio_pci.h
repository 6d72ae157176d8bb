/* SPDX-License-Identifier: BSD-2-Clause */
/* The transport over PCI, for pci_emul.c alone. */
#ifndef BHYVE_VIRTIO_PCI_H
#define BHYVE_VIRTIO_PCI_H

#include "bhyve/pci/pci_dev.h"
#include "bhyve/virtio/virtio.h"

extern const struct pci_devemu virtio_pci_emul;

/* Make a virtio device, and the PCI function it shows itself as. */
void virtio_pci_init(struct pci_devinst *pi, const struct virtio_dev_ops *ops,
		     struct config_node *node);

#endif /* BHYVE_VIRTIO_PCI_H */
