/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PCI transport (virtio 1.2, 4.1). The devices are transitional, as those of
 * QEMU's virt machine are: a driver from before 1.0 finds them, too.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/device.h"
#include "bhyve/virtio/virtio_pci.h"
#include "lib/snapshot.h"

#define VIRTIO_VENDOR 0x1af4

/* Kinds of capabilities (4.1.4). */
#define CAP_COMMON_CFG 1
#define CAP_NOTIFY_CFG 2
#define CAP_ISR_CFG    3
#define CAP_DEVICE_CFG 4
#define CAP_PCI_CFG    5

/* The legacy interface is where it has to be, the others where QEMU has them. */
#define LEGACY_BAR 0
#define MSIX_BAR   1
#define MODERN_BAR 4

/* The modern BAR has a page for each structure. */
#define COMMON_OFF    0x0000
#define ISR_OFF	      0x1000
#define DEVICE_OFF    0x2000
#define NOTIFY_OFF    0x3000
#define BAR_SIZE      0x4000
#define NOTIFY_STRIDE 4

#define ISR_QUEUE  1
#define ISR_CONFIG 2

/* 4.1.4 */
struct virtio_pci_cap {
	uint8_t cap_vndr;
	uint8_t cap_next;
	uint8_t cap_len;
	uint8_t cfg_type;
	uint8_t bar;
	uint8_t id;
	uint8_t padding[2];
	uint32_t offset;
	uint32_t length;
};

/* 4.1.4.3 */
struct common_cfg {
	uint32_t device_feature_select;
	uint32_t device_feature;
	uint32_t driver_feature_select;
	uint32_t driver_feature;
	uint16_t config_msix_vector;
	uint16_t num_queues;
	uint8_t device_status;
	uint8_t config_generation;
	uint16_t queue_select;
	uint16_t queue_size;
	uint16_t queue_msix_vector;
	uint16_t queue_enable;
	uint16_t queue_notify_off;
	uint64_t queue_desc;
	uint64_t queue_driver;
	uint64_t queue_device;
};
#define COMMON(field) offsetof(struct common_cfg, field)

static void interrupt(struct virtio_pci *vp, uint8_t why, uint16_t vector)
{
	if (!pci_msix_enabled(vp->pi)) {
		vp->isr |= why;
		pci_set_intx(vp->pi, true);
	} else if (vector != VIRTIO_MSI_NO_VECTOR &&
		   !pci_generate_msix(vp->pi, vector)) {
		virtio_broken(vp->dev, "its interrupt leads nowhere");
	}
}

static void pci_queue_interrupt(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct virtio_pci *vp = dev->transport_arg;

	interrupt(vp, ISR_QUEUE, vp->queue_vectors[vq->index]);
}

static void pci_config_interrupt(struct virtio_dev *dev)
{
	struct virtio_pci *vp = dev->transport_arg;

	interrupt(vp, ISR_CONFIG, vp->config_vector);
}

static void pci_queue_irqfd(struct virtio_dev *dev, struct virtqueue *vq,
			    bool on)
{
	struct virtio_pci *vp = dev->transport_arg;

	pci_set_irqfd(vp->pi, &vp->irqfds[vq->index], on,
		      vp->queue_vectors[vq->index]);
}

static const struct virtio_transport pci_transport = {
	.queue_interrupt = pci_queue_interrupt,
	.config_interrupt = pci_config_interrupt,
	.queue_irqfd = pci_queue_irqfd,
};

static void reset_transport(struct virtio_pci *vp)
{
	unsigned int i;

	vp->device_feature_select = vp->driver_feature_select = 0;
	vp->queue_select = 0;
	vp->config_vector = VIRTIO_MSI_NO_VECTOR;
	for (i = 0; i < vp->dev->nvq; i++)
		vp->queue_vectors[i] = VIRTIO_MSI_NO_VECTOR;
	vp->isr = 0;
	pci_set_intx(vp->pi, false);
}

static void show_queue(struct virtio_pci *vp, struct common_cfg *c)
{
	struct virtqueue *vq = virtio_queue(vp->dev, vp->queue_select);

	if (!vq)
		return; /* size 0: there is no such queue */
	c->queue_size = vq->size_set;
	c->queue_msix_vector = vp->queue_vectors[vq->index];
	c->queue_enable = vq->ready;
	c->queue_notify_off = vq->index;
	c->queue_desc = vq->desc_gpa;
	c->queue_driver = vq->driver_gpa;
	c->queue_device = vq->device_gpa;
}

/*
 * Reading changes no field, so a read of any width copies from this structure.
 */
static void show_common(struct virtio_pci *vp, struct common_cfg *c)
{
	struct virtio_dev *dev = vp->dev;

	memset(c, 0, sizeof(*c));
	c->device_feature_select = vp->device_feature_select;
	c->device_feature = virtio_get_features(dev, vp->device_feature_select);
	c->driver_feature_select = vp->driver_feature_select;
	if (vp->driver_feature_select < 2)
		c->driver_feature = dev->negotiated >>
				    (32 * vp->driver_feature_select);
	c->config_msix_vector = vp->config_vector;
	c->num_queues = dev->nvq;
	c->device_status = dev->status;
	c->config_generation = dev->config_gen;
	c->queue_select = vp->queue_select;
	show_queue(vp, c);
}

uint16_t virtio_pci_checked_vector(struct virtio_pci *vp, uint16_t vector)
{
	return vector < vp->pi->msix_count ? vector : VIRTIO_MSI_NO_VECTOR;
}

void virtio_pci_set_queue_vector(struct virtio_pci *vp, struct virtqueue *vq,
				 uint16_t vector)
{
	struct pci_irqfd *irqfd = &vp->irqfds[vq->index];

	vector = virtio_pci_checked_vector(vp, vector);
	vp->queue_vectors[vq->index] = vector;
	pci_set_irqfd(vp->pi, irqfd, irqfd->on, vector);
}

static void set_half(uint64_t *reg, uint64_t off, uint32_t val)
{
	unsigned int shift = off & 4 ? 32 : 0;

	*reg = (*reg & ~(0xffffffffull << shift)) | ((uint64_t)val << shift);
}

static void write_address(struct virtqueue *vq, uint64_t off, uint32_t val)
{
	if (off < COMMON(queue_driver))
		set_half(&vq->desc_gpa, off, val);
	else if (off < COMMON(queue_device))
		set_half(&vq->driver_gpa, off, val);
	else
		set_half(&vq->device_gpa, off, val);
}

static void write_queue16(struct virtio_pci *vp, struct virtqueue *vq,
			  uint64_t off, uint16_t val)
{
	switch (off) {
	case COMMON(queue_size):
		vq->size_set = val;
		break;
	case COMMON(queue_msix_vector):
		virtio_pci_set_queue_vector(vp, vq, val);
		break;
	case COMMON(queue_enable):
		/* Only a reset stops a queue (4.1.4.3.2). */
		if (val == 1)
			virtio_enable_queue(vq, true);
		break;
	}
}

static void write_common16(struct virtio_pci *vp, uint64_t off, uint16_t val)
{
	struct virtqueue *vq = virtio_queue(vp->dev, vp->queue_select);

	if (off == COMMON(config_msix_vector))
		vp->config_vector = virtio_pci_checked_vector(vp, val);
	else if (off == COMMON(queue_select))
		vp->queue_select = val;
	else if (vq)
		write_queue16(vp, vq, off, val);
}

static void write_common32(struct virtio_pci *vp, uint64_t off, uint32_t val)
{
	struct virtqueue *vq = virtio_queue(vp->dev, vp->queue_select);

	if (off == COMMON(device_feature_select))
		vp->device_feature_select = val;
	else if (off == COMMON(driver_feature_select))
		vp->driver_feature_select = val;
	else if (off == COMMON(driver_feature))
		virtio_set_features(vp->dev, vp->driver_feature_select, val);
	else if (vq && off >= COMMON(queue_desc) && off % 4 == 0 &&
		 off < sizeof(struct common_cfg))
		write_address(vq, off, val);
}

void virtio_pci_write_status(struct virtio_pci *vp, uint8_t val)
{
	virtio_set_status(vp->dev, val);
	if (vp->dev->status == 0)
		reset_transport(vp);
}

/* Each field is written with its own width (4.1.3.1). */
static void write_common(struct virtio_pci *vp, uint64_t off, int size,
			 uint64_t val)
{
	switch (size) {
	case 1:
		if (off == COMMON(device_status))
			virtio_pci_write_status(vp, val);
		break;
	case 2:
		write_common16(vp, off, val);
		break;
	case 4:
		write_common32(vp, off, val);
		break;
	case 8:
		write_common32(vp, off, val);
		write_common32(vp, off + 4, val >> 32);
		break;
	}
}

static uint64_t read_common(struct virtio_pci *vp, uint64_t off, int size)
{
	struct common_cfg c;
	uint64_t val = 0;

	if (off + size > sizeof(c))
		return 0;
	show_common(vp, &c);
	memcpy(&val, (char *)&c + off, size);
	return val;
}

uint8_t virtio_pci_read_isr(struct virtio_pci *vp)
{
	uint8_t isr = vp->isr;

	vp->isr = 0;
	pci_set_intx(vp->pi, false);
	return isr;
}

static uint64_t modern_read(struct virtio_pci *vp, uint64_t off, int size)
{
	uint64_t val = 0;

	virtio_choose_interface(vp->dev, false);
	if (off < ISR_OFF)
		val = read_common(vp, off, size);
	else if (off == ISR_OFF)
		val = virtio_pci_read_isr(vp);
	else if (off >= DEVICE_OFF && off < NOTIFY_OFF)
		virtio_read_config(vp->dev, off - DEVICE_OFF, &val, size);
	return val;
}

static void modern_write(struct virtio_pci *vp, uint64_t off, int size,
			 uint64_t val)
{
	virtio_choose_interface(vp->dev, false);
	if (off < ISR_OFF)
		write_common(vp, off, size, val);
	else if (off >= NOTIFY_OFF)
		virtio_notify(vp->dev, (off - NOTIFY_OFF) / NOTIFY_STRIDE);
	else if (off >= DEVICE_OFF)
		virtio_write_config(vp->dev, off - DEVICE_OFF, &val, size);
}

static uint64_t bar_read(struct pci_devinst *pi, int bar, uint64_t off,
			 int size)
{
	struct virtio_pci *vp = pi->arg;
	uint64_t val;

	virtio_lock(vp->dev);
	if (bar == LEGACY_BAR)
		val = virtio_pci_legacy_read(vp, off, size);
	else
		val = modern_read(vp, off, size);
	virtio_unlock(vp->dev);
	return val;
}

static void bar_write(struct pci_devinst *pi, int bar, uint64_t off, int size,
		      uint64_t val)
{
	struct virtio_pci *vp = pi->arg;

	virtio_lock(vp->dev);
	if (bar == LEGACY_BAR)
		virtio_pci_legacy_write(vp, off, size, val);
	else
		modern_write(vp, off, size, val);
	virtio_unlock(vp->dev);
}

/*
 * The window in configuration space onto the BAR (4.1.4.9). True: this is a
 * valid access to its data, and the offset is where it leads.
 */
static bool pci_cfg_window(struct pci_devinst *pi, uint32_t off, int size,
			   uint32_t *where)
{
	struct virtio_pci *vp = pi->arg;
	struct virtio_pci_cap cap;

	if (off != vp->pci_cfg_cap + sizeof(cap))
		return false;
	pthread_mutex_lock(&pi->lock);
	memcpy(&cap, &pi->cfg[vp->pci_cfg_cap], sizeof(cap));
	pthread_mutex_unlock(&pi->lock);
	*where = cap.offset;
	return cap.bar == MODERN_BAR && cap.length == (uint32_t)size &&
	       cap.offset % size == 0 && cap.offset < BAR_SIZE;
}

static bool virtio_cfg_read(struct pci_devinst *pi, uint32_t off, int size,
			    uint32_t *val)
{
	uint32_t where;

	if (!pci_cfg_window(pi, off, size, &where))
		return false;
	*val = bar_read(pi, MODERN_BAR, where, size);
	return true;
}

static bool virtio_cfg_write(struct pci_devinst *pi, uint32_t off, int size,
			     uint32_t val)
{
	uint32_t where;

	if (!pci_cfg_window(pi, off, size, &where))
		return false;
	bar_write(pi, MODERN_BAR, where, size, val);
	return true;
}

/* extra: the field that follows the structure in the two longer kinds. */
static uint8_t add_cap(struct pci_devinst *pi, uint8_t type, uint32_t offset,
		       uint32_t length, const uint32_t *extra)
{
	struct {
		struct virtio_pci_cap cap;
		uint32_t extra;
	} c = {
		.cap.cap_vndr = PCIY_VENDOR,
		.cap.cap_len = sizeof(c.cap) + (extra ? 4 : 0),
		.cap.cfg_type = type,
		.cap.bar = MODERN_BAR,
		.cap.offset = offset,
		.cap.length = length,
	};

	if (extra)
		c.extra = *extra;
	return pci_add_capability(pi, &c, c.cap.cap_len);
}

static void add_capabilities(struct virtio_pci *vp)
{
	const uint32_t stride = NOTIFY_STRIDE, no_data = 0;
	struct pci_devinst *pi = vp->pi;
	uint8_t at;

	add_cap(pi, CAP_COMMON_CFG, COMMON_OFF, sizeof(struct common_cfg),
		NULL);
	add_cap(pi, CAP_ISR_CFG, ISR_OFF, 1, NULL);
	if (vp->dev->config_len)
		add_cap(pi, CAP_DEVICE_CFG, DEVICE_OFF, NOTIFY_OFF - DEVICE_OFF,
			NULL);
	add_cap(pi, CAP_NOTIFY_CFG, NOTIFY_OFF, NOTIFY_STRIDE * vp->dev->nvq,
		&stride);
	at = add_cap(pi, CAP_PCI_CFG, 0, 0, &no_data);
	memset(&pi->cfg_mask[at + offsetof(struct virtio_pci_cap, bar)], 0xff,
	       1);
	memset(&pi->cfg_mask[at + offsetof(struct virtio_pci_cap, offset)],
	       0xff, 8);
	vp->pci_cfg_cap = at;
}

/* By the number of the device's type; 4.1.2.1. */
static const uint16_t transitional_ids[] = {
	[1] = 0x1000, /* network */
	[2] = 0x1001, /* block */
	[3] = 0x1003, /* console */
	[4] = 0x1005, /* entropy */
	[5] = 0x1002, /* balloon */
};

static bool is_transitional(const struct virtio_dev_ops *ops)
{
	return ops->device_id <
		       sizeof(transitional_ids) / sizeof(*transitional_ids) &&
	       transitional_ids[ops->device_id];
}

/* Devices that are younger than 1.0 have no legacy interface: 4.1.2.1. */
#define MODERN_ID(ops) (0x1040 + (ops)->device_id)

/* The revision and the subsystem's number are by 4.1.2.2 and 4.1.2.3. */
static void identify(struct pci_devinst *pi, const struct virtio_dev_ops *ops)
{
	pci_set_cfgdata16(pi, PCIR_VENDOR, VIRTIO_VENDOR);
	if (is_transitional(ops)) {
		pci_set_cfgdata16(pi, PCIR_DEVICE,
				  transitional_ids[ops->device_id]);
		pci_set_cfgdata8(pi, PCIR_REVID, 0);
		pci_set_cfgdata16(pi, PCIR_SUBDEV_0, ops->device_id);
	} else {
		pci_set_cfgdata16(pi, PCIR_DEVICE, MODERN_ID(ops));
		pci_set_cfgdata8(pi, PCIR_REVID, 1);
		pci_set_cfgdata16(pi, PCIR_SUBDEV_0, MODERN_ID(ops));
	}
	pci_set_cfgdata8(pi, PCIR_PROGIF, ops->pci_class);
	pci_set_cfgdata8(pi, PCIR_SUBCLASS, ops->pci_class >> 8);
	pci_set_cfgdata8(pi, PCIR_CLASS, ops->pci_class >> 16);
	pci_set_cfgdata16(pi, PCIR_SUBVEND_0, VIRTIO_VENDOR);
}

static int add_doorbells(struct virtio_pci *vp)
{
	unsigned int i;

	if (vp->dev->ops->at_once)
		return 0;
	for (i = 0; i < vp->dev->nvq; i++)
		if (pci_add_doorbell(vp->pi, MODERN_BAR,
				     NOTIFY_OFF + NOTIFY_STRIDE * i,
				     vp->dev->vqs[i].kick_fd))
			return -EINVAL;
	return 0;
}

static int make_vectors(struct virtio_pci *vp)
{
	unsigned int i, n = vp->dev->nvq;

	vp->queue_vectors = calloc(n, sizeof(*vp->queue_vectors));
	vp->irqfds = calloc(n, sizeof(*vp->irqfds));
	if (!vp->queue_vectors || !vp->irqfds)
		return refuse("%s: out of memory", vp->pi->name);
	for (i = 0; i < n; i++)
		pci_add_irqfd(vp->pi, &vp->irqfds[i], vp->dev->vqs[i].call_fd,
			      vp->dev->vqs[i].called);
	/* One vector for the configuration, one for each queue. */
	return pci_add_msix(vp->pi, MSIX_BAR, n + 1);
}

/* The same as the driver's write of 0, so that all buffers are given up. */
static void reset_virtio_pci(void *arg)
{
	struct virtio_pci *vp = arg;

	virtio_lock(vp->dev);
	virtio_pci_write_status(vp, 0);
	virtio_unlock(vp->dev);
}

static void transport_state(struct virtio_pci *vp, struct state *s)
{
	STATE(s, vp, device_feature_select);
	STATE(s, vp, driver_feature_select);
	STATE(s, vp, queue_select);
	STATE(s, vp, config_vector);
	for (unsigned int i = 0; i < vp->dev->nvq; i++)
		state_number(s, "queue_vector", &vp->queue_vectors[i],
			     sizeof(*vp->queue_vectors), UINT16_MAX);
	STATE_MAX(s, vp, isr, ISR_QUEUE | ISR_CONFIG);
	if (!s->loading)
		return;
	vp->config_vector = virtio_pci_checked_vector(vp, vp->config_vector);
	for (unsigned int i = 0; i < vp->dev->nvq; i++)
		vp->queue_vectors[i] =
			virtio_pci_checked_vector(vp, vp->queue_vectors[i]);
}

/* INTx is in the state of the function, which pci_bus.c saves. */
static void virtio_pci_state(void *arg, struct state *s)
{
	struct virtio_pci *vp = arg;

	virtio_lock(vp->dev);
	transport_state(vp, s);
	virtio_dev_state(vp->dev, s);
	virtio_unlock(vp->dev);
}

static const struct virtio_device *device_of(struct config_node *node)
{
	return virtio_find(get_config_value_node(node, "device"));
}

static int alloc_bars(struct virtio_pci *vp)
{
	int error = 0;

	if (is_transitional(vp->dev->ops))
		error = pci_alloc_io_bar(vp->pi, LEGACY_BAR,
					 VIRTIO_PCI_LEGACY_SIZE);
	return error ? error : pci_alloc_bar(vp->pi, MODERN_BAR, BAR_SIZE);
}

static int init_virtio_pci(struct pci_devinst *pi, struct config_node *node)
{
	const struct virtio_conf conf = {
		.device = device_of(node),
		.node = node,
		.slot = pi->slot,
		.func = pi->func,
		.where = pi->name,
	};
	struct virtio_pci *vp = calloc(1, sizeof(*vp));

	if (!vp)
		return refuse("%s: out of memory", pi->name);
	vp->pi = pi;
	pi->arg = vp;
	if (virtio_create(pi->ctx, &conf, &vp->dev))
		return -EINVAL;
	vp->dev->transport = &pci_transport;
	vp->dev->transport_arg = vp;
	identify(pi, vp->dev->ops);
	if (alloc_bars(vp) || add_doorbells(vp))
		return -EINVAL;
	add_capabilities(vp);
	if (make_vectors(vp))
		return -EINVAL;
	pci_request_intx(pi);
	reset_transport(vp);
	register_device(vp->dev->ops->name, SNAPSHOT_AT(pi->slot, pi->func),
			reset_virtio_pci, virtio_pci_state, vp);
	return 0;
}

/* Linux acknowledges it again after its driver has let go of it. */
static bool driver_has_it(struct pci_devinst *pi)
{
	struct virtio_pci *vp = pi->arg;
	bool has;

	virtio_lock(vp->dev);
	has = vp->dev->status & VIRTIO_S_DRIVER;
	virtio_unlock(vp->dev);
	return has;
}

static void stop_virtio_pci(struct pci_devinst *pi)
{
	reset_virtio_pci(pi->arg);
}

static void close_virtio_pci(struct pci_devinst *pi)
{
	struct virtio_pci *vp = pi->arg;

	if (!vp)
		return;
	unregister_device(vp);
	if (vp->dev)
		virtio_destroy(vp->dev);
	free(vp->queue_vectors);
	free(vp->irqfds);
	free(vp);
}

static bool is_virtio(const char *name)
{
	return virtio_find(name) != NULL;
}

static bool on_mmio(void)
{
	return virtio_transport_kind() != VIRTIO_ON_PCI;
}

static int configure(struct config_node *node, const char *opts)
{
	const struct virtio_dev_ops *ops = device_of(node)->ops;
	int error;

	if (ops->legacy_config)
		return ops->legacy_config(node, opts);
	error = parse_config_options_node(node, opts);
	if (error)
		eprintln("%s,%s: options are key or key=value", ops->name,
			 opts);
	return error;
}

static const struct pci_devemu virtio_pci = {
	.serves = is_virtio,
	.list = virtio_list,
	.elsewhere = on_mmio,
	.legacy_config = configure,
	.init = init_virtio_pci,
	.in_use = driver_has_it,
	.stop = stop_virtio_pci,
	.close = close_virtio_pci,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.cfg_read = virtio_cfg_read,
	.cfg_write = virtio_cfg_write,
};
PCI_EMUL(virtio_pci);
