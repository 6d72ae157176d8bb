/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two interfaces of a virtio device on PCI share. */
#ifndef BHYVE_VIRTIO_PCI_H
#define BHYVE_VIRTIO_PCI_H

#include "bhyve/pci/pci_dev.h"
#include "bhyve/virtio/virtio.h"

#define VIRTIO_MSI_NO_VECTOR 0xffff

/* Guarded by the device's lock. */
struct virtio_pci {
	struct pci_devinst *pi;
	struct virtio_dev *dev;
	uint32_t device_feature_select;
	uint32_t driver_feature_select;
	uint16_t queue_select;
	uint16_t config_vector;
	uint16_t *queue_vectors;
	struct pci_irqfd *irqfds; /* one for each queue */
	uint8_t isr;
	uint8_t pci_cfg_cap; /* offset of that capability */
};

/* All with the device's lock held. */

/* A write of the status register; 0 resets the device and the transport. */
void virtio_pci_write_status(struct virtio_pci *vp, uint8_t val);

/* The ISR status; reading it acknowledges the interrupt: virtio 1.2, 4.1.4.5. */
uint8_t virtio_pci_read_isr(struct virtio_pci *vp);

/* A vector as the driver wrote it, or VIRTIO_MSI_NO_VECTOR if there is none of
 * that number: virtio 1.2, 4.1.5.1.2.1. */
uint16_t virtio_pci_checked_vector(struct virtio_pci *vp, uint16_t vector);

/* The driver has written the vector of a queue. */
void virtio_pci_set_queue_vector(struct virtio_pci *vp, struct virtqueue *vq,
				 uint16_t vector);

/* The bytes of the legacy interface's BAR. */
#define VIRTIO_PCI_LEGACY_SIZE 128

/* Accesses of size 1, 2, 4 or 8 at off of that BAR. */
uint64_t virtio_pci_legacy_read(struct virtio_pci *vp, uint64_t off, int size);
void virtio_pci_legacy_write(struct virtio_pci *vp, uint64_t off, int size,
			     uint64_t val);

#endif /* BHYVE_VIRTIO_PCI_H */
