/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of a virtio device on PCI as they were before 1.0, among the
 * I/O ports of its first BAR: virtio 1.2, 4.1.4.8 and 4.1.5.1.3.1.
 */
#include "bhyve/virtio/virtio_pci.h"

#define DEVICE_FEATURES	 0
#define DRIVER_FEATURES	 4
#define QUEUE_ADDRESS	 8
#define QUEUE_SIZE	 12
#define QUEUE_SELECT	 14
#define QUEUE_NOTIFY	 16
#define DEVICE_STATUS	 18
#define ISR_STATUS	 19
#define CONFIG		 20 /* the device's own; with MSI-X two vectors first */
#define CONFIG_VECTOR	 20
#define QUEUE_VECTOR	 22
#define CONFIG_WITH_MSIX 24

/* The unit of queue addresses, and the alignment of the used ring in a queue. */
#define LEGACY_PAGE_SIZE 4096

static uint64_t config_start(struct virtio_pci *vp)
{
	return pci_msix_enabled(vp->pi) ? CONFIG_WITH_MSIX : CONFIG;
}

static uint32_t read_queue(struct virtio_pci *vp, uint64_t off)
{
	struct virtqueue *vq = virtio_queue(vp->dev, vp->queue_select);

	if (!vq)
		return off == QUEUE_VECTOR ? VIRTIO_MSI_NO_VECTOR : 0;
	switch (off) {
	case QUEUE_ADDRESS:
		return vq->ready ? vq->desc_gpa / LEGACY_PAGE_SIZE : 0;
	case QUEUE_SIZE:
		return vq->size_set;
	default:
		return vp->queue_vectors[vq->index];
	}
}

static uint32_t read_header(struct virtio_pci *vp, uint64_t off)
{
	struct virtio_dev *dev = vp->dev;

	switch (off) {
	case DEVICE_FEATURES:
		return virtio_get_features(dev, 0);
	case DRIVER_FEATURES:
		return dev->negotiated;
	case QUEUE_SELECT:
		return vp->queue_select;
	case DEVICE_STATUS:
		return dev->status;
	case ISR_STATUS:
		return virtio_pci_read_isr(vp);
	case CONFIG_VECTOR:
		return vp->config_vector;
	case QUEUE_ADDRESS:
	case QUEUE_SIZE:
	case QUEUE_VECTOR:
		return read_queue(vp, off);
	default:
		return 0;
	}
}

uint64_t virtio_pci_legacy_read(struct virtio_pci *vp, uint64_t off, int size)
{
	uint64_t config = config_start(vp), val = 0;

	virtio_choose_interface(vp->dev, true);
	if (off < config)
		return read_header(vp, off);
	virtio_read_config(vp->dev, off - config, &val, size);
	return val;
}

/* The driver cannot choose a queue's size; an address of 0 stops the queue. */
static void write_queue(struct virtio_pci *vp, uint64_t off, uint32_t val)
{
	struct virtqueue *vq = virtio_queue(vp->dev, vp->queue_select);

	if (!vq)
		return;
	if (off == QUEUE_VECTOR)
		virtio_pci_set_queue_vector(vp, vq, val);
	else if (val)
		virtio_enable_legacy_queue(vq, (uint64_t)val * LEGACY_PAGE_SIZE,
					   LEGACY_PAGE_SIZE);
	else
		virtio_enable_queue(vq, false);
}

static void write_header(struct virtio_pci *vp, uint64_t off, uint32_t val)
{
	switch (off) {
	case DRIVER_FEATURES:
		virtio_set_features(vp->dev, 0, val);
		break;
	case QUEUE_ADDRESS:
	case QUEUE_VECTOR:
		write_queue(vp, off, val);
		break;
	case QUEUE_SELECT:
		vp->queue_select = val;
		break;
	case QUEUE_NOTIFY:
		virtio_notify(vp->dev, (uint16_t)val);
		break;
	case DEVICE_STATUS:
		virtio_pci_write_status(vp, val);
		break;
	case CONFIG_VECTOR:
		vp->config_vector = virtio_pci_checked_vector(vp, val);
		break;
	}
}

void virtio_pci_legacy_write(struct virtio_pci *vp, uint64_t off, int size,
			     uint64_t val)
{
	uint64_t config = config_start(vp);

	virtio_choose_interface(vp->dev, true);
	if (off < config)
		write_header(vp, off, val);
	else
		virtio_write_config(vp->dev, off - config, &val, size);
}
