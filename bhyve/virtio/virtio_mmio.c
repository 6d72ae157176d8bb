/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MMIO transport, version 2, or version 1 for devices from before virtio
 * 1.0 (virtio 1.2, 4.2).
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/machine/device.h"
#include "bhyve/virtio/virtio.h"

/* Registers, by their names in virtio 1.2, 4.2.2. */
enum {
	MAGIC_VALUE = 0x000,
	VERSION = 0x004,
	DEVICE_ID = 0x008,
	VENDOR_ID = 0x00c,
	DEVICE_FEATURES = 0x010,
	DEVICE_FEATURES_SEL = 0x014,
	DRIVER_FEATURES = 0x020,
	DRIVER_FEATURES_SEL = 0x024,
	QUEUE_SEL = 0x030,
	QUEUE_NUM_MAX = 0x034,
	QUEUE_NUM = 0x038,
	QUEUE_READY = 0x044,
	QUEUE_NOTIFY = 0x050,
	INTERRUPT_STATUS = 0x060,
	INTERRUPT_ACK = 0x064,
	STATUS = 0x070,
	QUEUE_DESC_LOW = 0x080,
	QUEUE_DESC_HIGH = 0x084,
	QUEUE_DRIVER_LOW = 0x090,
	QUEUE_DRIVER_HIGH = 0x094,
	QUEUE_DEVICE_LOW = 0x0a0,
	QUEUE_DEVICE_HIGH = 0x0a4,
	SHM_LEN_LOW = 0x0b0,
	SHM_BASE_HIGH = 0x0bc,
	CONFIG_GENERATION = 0x0fc,
	CONFIG = 0x100,
	/* Only in version 1 (4.2.4). */
	GUEST_PAGE_SIZE = 0x028,
	QUEUE_ALIGN = 0x03c,
	QUEUE_PFN = 0x040,
};

#define MAGIC		0x74726976 /* "virt" */
#define VENDOR		0x48594842 /* "BHYH" */
#define INT_USED_BUFFER 1
#define INT_CONFIG	2

struct mmio_slot {
	struct virtio_dev *dev; /* NULL: an empty slot, which says so (4.2.2.2) */
	struct vmctx *ctx;
	uint64_t base;
	uint32_t intid;
	uint32_t device_features_sel;
	uint32_t driver_features_sel;
	uint32_t queue_sel;
	uint32_t interrupt_status;
	/*
	 * Only in version 1: drivers set the page size once, before they reset
	 * the device.
	 */
	uint32_t guest_page_size;
	uint32_t queue_align;
};

static struct mmio_slot slots[MACHINE_NVIRTIO];

static void raise_interrupt(struct virtio_dev *dev, uint32_t why)
{
	struct mmio_slot *s = dev->transport_arg;

	s->interrupt_status |= why;
	vm_assert_irq(s->ctx, s->intid);
}

static void mmio_queue_interrupt(struct virtio_dev *dev, struct virtqueue *vq)
{
	(void)vq;
	raise_interrupt(dev, INT_USED_BUFFER);
}

static void mmio_config_interrupt(struct virtio_dev *dev)
{
	raise_interrupt(dev, INT_CONFIG);
}

/* The driver reads from a register why it was interrupted, which bhyve sets. */
static void mmio_queue_irqfd(struct virtio_dev *dev, struct virtqueue *vq,
			     bool on)
{
	(void)dev;
	if (on)
		mevent_enable(vq->called);
	else
		mevent_disable(vq->called);
}

static const struct virtio_transport mmio_transport = {
	.queue_interrupt = mmio_queue_interrupt,
	.config_interrupt = mmio_config_interrupt,
	.queue_irqfd = mmio_queue_irqfd,
};

static void acknowledge(struct mmio_slot *s, uint32_t bits)
{
	s->interrupt_status &= ~bits;
	if (!s->interrupt_status)
		vm_deassert_irq(s->ctx, s->intid);
}

static void write_status(struct mmio_slot *s, uint32_t val)
{
	virtio_set_status(s->dev, val);
	if (s->dev->status)
		return;
	s->device_features_sel = s->driver_features_sel = 0;
	s->queue_sel = 0;
	acknowledge(s, ~0u);
}

static uint32_t read_queue_register(struct mmio_slot *s, uint64_t off)
{
	struct virtqueue *vq = virtio_queue(s->dev, s->queue_sel);

	if (!vq)
		return 0;
	switch (off) {
	case QUEUE_NUM_MAX:
		return vq->max_size;
	case QUEUE_PFN:
		return vq->ready && s->guest_page_size ?
			       vq->desc_gpa / s->guest_page_size :
			       0;
	default:
		return vq->ready;
	}
}

static uint32_t read_register(struct mmio_slot *s, uint64_t off)
{
	switch (off) {
	case DEVICE_ID:
		return s->dev->ops->device_id;
	case DEVICE_FEATURES:
		return virtio_get_features(s->dev, s->device_features_sel);
	case QUEUE_NUM_MAX:
		return read_queue_register(s, off);
	case QUEUE_READY:
		return s->dev->legacy ? 0 : read_queue_register(s, off);
	case QUEUE_PFN:
		return s->dev->legacy ? read_queue_register(s, off) : 0;
	case INTERRUPT_STATUS:
		return s->interrupt_status;
	case STATUS:
		return s->dev->status;
	case SHM_LEN_LOW ... SHM_BASE_HIGH:
		/* a shared memory region that does not exist (4.2.2) */
		return ~0u;
	case CONFIG_GENERATION:
		return s->dev->config_gen;
	default:
		return 0;
	}
}

static void set_half(uint64_t *reg, bool high, uint32_t val)
{
	unsigned int shift = high ? 32 : 0;

	*reg = (*reg & ~(0xffffffffull << shift)) | ((uint64_t)val << shift);
}

static void set_queue_size(struct virtqueue *vq, uint32_t val)
{
	/* A size that no queue can have is kept as an invalid one. */
	vq->size_set = val > VQ_MAX_SIZE ? 0 : val;
}

static void start_legacy_queue(struct mmio_slot *s, struct virtqueue *vq,
			       uint32_t pfn)
{
	uint32_t align = s->queue_align;

	if (!s->guest_page_size || !align || (align & (align - 1)))
		virtio_broken(s->dev, "page size of 0, or alignment that is no"
				      " power of two");
	else
		virtio_enable_legacy_queue(
			vq, (uint64_t)pfn * s->guest_page_size, align);
}

static void write_legacy_register(struct mmio_slot *s, uint64_t off,
				  uint32_t val)
{
	struct virtqueue *vq = virtio_queue(s->dev, s->queue_sel);

	if (off == GUEST_PAGE_SIZE)
		s->guest_page_size = val;
	else if (off == QUEUE_ALIGN)
		s->queue_align = val;
	else if (!vq)
		return;
	else if (off == QUEUE_NUM)
		set_queue_size(vq, val);
	else if (off == QUEUE_PFN && val)
		start_legacy_queue(s, vq, val);
	else if (off == QUEUE_PFN)
		virtio_enable_queue(vq, false);
}

static void write_queue_register(struct mmio_slot *s, uint64_t off,
				 uint32_t val)
{
	struct virtqueue *vq = virtio_queue(s->dev, s->queue_sel);

	if (!vq)
		return;
	switch (off) {
	case QUEUE_NUM:
		set_queue_size(vq, val);
		break;
	case QUEUE_READY:
		virtio_enable_queue(vq, val & 1);
		break;
	case QUEUE_DESC_LOW:
	case QUEUE_DESC_HIGH:
		set_half(&vq->desc_gpa, off & 4, val);
		break;
	case QUEUE_DRIVER_LOW:
	case QUEUE_DRIVER_HIGH:
		set_half(&vq->driver_gpa, off & 4, val);
		break;
	case QUEUE_DEVICE_LOW:
	case QUEUE_DEVICE_HIGH:
		set_half(&vq->device_gpa, off & 4, val);
		break;
	}
}

static void write_register(struct mmio_slot *s, uint64_t off, uint32_t val)
{
	switch (off) {
	case DEVICE_FEATURES_SEL:
		s->device_features_sel = val;
		break;
	case DRIVER_FEATURES:
		virtio_set_features(s->dev, s->driver_features_sel, val);
		break;
	case DRIVER_FEATURES_SEL:
		s->driver_features_sel = val;
		break;
	case QUEUE_SEL:
		s->queue_sel = val;
		break;
	case QUEUE_NOTIFY:
		virtio_notify(s->dev, val);
		break;
	case INTERRUPT_ACK:
		acknowledge(s, val);
		break;
	case STATUS:
		write_status(s, val);
		break;
	default:
		if (s->dev->legacy)
			write_legacy_register(s, off, val);
		else
			write_queue_register(s, off, val);
	}
}

/* The registers by which a driver tells an empty slot from something else. */
static bool read_identity(const struct mmio_slot *s, uint64_t off,
			  uint64_t *val)
{
	switch (off) {
	case MAGIC_VALUE:
		*val = MAGIC;
		return true;
	case VERSION:
		*val = s->dev && s->dev->legacy ? 1 : 2;
		return true;
	case VENDOR_ID:
		*val = VENDOR;
		return true;
	default:
		*val = 0;
		return false;
	}
}

static void access_config(struct mmio_slot *s, int dir, uint64_t off, int size,
			  uint64_t *val)
{
	if (dir == MEM_F_READ)
		virtio_read_config(s->dev, off - CONFIG, val, size);
	else
		virtio_write_config(s->dev, off - CONFIG, val, size);
}

static int mmio_handler(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			uint64_t *val, void *arg1, long arg2)
{
	struct mmio_slot *s = arg1;
	uint64_t off = addr - s->base;

	(void)vcpu;
	(void)arg2;
	if (dir == MEM_F_READ && (read_identity(s, off, val) || !s->dev))
		return 0;
	if (!s->dev)
		return 0;
	virtio_lock(s->dev);
	if (off >= CONFIG)
		access_config(s, dir, off, size, val);
	else if (size == 4 && off % 4 == 0 && dir == MEM_F_READ)
		*val = read_register(s, off);
	else if (size == 4 && off % 4 == 0)
		write_register(s, off, *val);
	virtio_unlock(s->dev);
	return 0;
}

/* devicetree: virtio/mmio.yaml */
static int mmio_fdt_node(void *fdt, void *arg)
{
	struct mmio_slot *s = arg;
	int error;

	error = fdt_begin_node_at(fdt, "virtio_mmio", s->base);
	if (!error)
		error = fdt_property_string(fdt, "compatible", "virtio,mmio");
	if (!error)
		error = fdt_prop_reg(fdt, s->base, MACHINE_VIRTIO_STRIDE);
	if (!error)
		error = fdt_prop_irq(fdt, s->intid, FDT_IRQ_LEVEL_HIGH);
	/* The devices are cache-coherent. */
	if (!error)
		error = fdt_property(fdt, "dma-coherent", NULL, 0);
	return error ? error : fdt_end_node(fdt);
}

/*
 * A notification is a word with the queue's number (4.2.2). One that vmm.ko
 * does not take comes to mmio_handler().
 */
static void register_doorbells(struct mmio_slot *s)
{
	unsigned int i;

	if (s->dev->ops->at_once)
		return;
	for (i = 0; i < s->dev->nvq; i++) {
		const uint64_t index = i;

		vm_ioeventfd_assign(s->ctx, s->dev->vqs[i].kick_fd,
				    s->base + QUEUE_NOTIFY, 4, &index);
	}
}

/* The same as the driver's write of 0, so that all buffers are given up. */
static void reset_slot(void *arg)
{
	struct mmio_slot *s = arg;

	virtio_lock(s->dev);
	write_status(s, 0);
	virtio_unlock(s->dev);
}

static void registers_state(struct mmio_slot *s, struct state *st)
{
	STATE(st, s, device_features_sel);
	STATE(st, s, driver_features_sel);
	STATE(st, s, queue_sel);
	STATE_MAX(st, s, interrupt_status, INT_USED_BUFFER | INT_CONFIG);
	STATE(st, s, guest_page_size);
	STATE(st, s, queue_align);
}

static void slot_state(void *arg, struct state *st)
{
	struct mmio_slot *s = arg;

	virtio_lock(s->dev);
	state_same(st, "whether its registers are legacy ones", s->dev->legacy);
	registers_state(s, st);
	virtio_dev_state(s->dev, st);
	virtio_unlock(s->dev);
}

/*
 * The device of -s N has slot N, as on QEMU with bus=virtio-mmio-bus.N. If
 * another function has taken that slot, it gets the next free one.
 */
static unsigned int choose_slot(unsigned int wanted)
{
	for (unsigned int i = 0; i < MACHINE_NVIRTIO; i++) {
		unsigned int n = (wanted + i) % MACHINE_NVIRTIO;

		if (!slots[n].dev)
			return n;
	}
	die("virtio-mmio has only %d slots: use fewer devices or "
	    "virtio.transport=pci",
	    MACHINE_NVIRTIO);
}

static void place_device(unsigned int slot, unsigned int func,
			 const char *emulation, struct config_node *node,
			 void *arg)
{
	char where[24];
	const struct virtio_conf conf = {
		.device = virtio_find(emulation),
		.node = node,
		.slot = slot,
		.func = func,
		.where = where,
		.legacy = virtio_transport_kind() == VIRTIO_ON_LEGACY_MMIO,
	};
	struct mmio_slot *s;
	unsigned int n;

	(void)arg;
	if (!conf.device)
		return;
	n = choose_slot(slot);
	snprintf(where, sizeof(where), "virtio-mmio %u", n);
	s = &slots[n];
	if (virtio_create(s->ctx, &conf, &s->dev))
		exit_with_error();
	s->dev->transport = &mmio_transport;
	s->dev->transport_arg = s;
	register_doorbells(s);
	register_device(s->dev->ops->name, n, reset_slot, slot_state, s);
	if (fdt_register_node(mmio_fdt_node, s))
		die("%s: out of memory", where);
}

static void register_slot(struct mmio_slot *s)
{
	struct mem_range mr = {
		.name = "virtio-mmio",
		.flags = MEM_F_RW,
		.handler = mmio_handler,
		.arg1 = s,
		.base = s->base,
		.size = MACHINE_VIRTIO_STRIDE,
	};

	if (register_mem(&mr))
		die("virtio-mmio: its addresses are taken");
}

void init_virtio_mmio(struct vmctx *ctx, const struct machine *m)
{
	unsigned int i;

	for (i = 0; i < MACHINE_NVIRTIO; i++) {
		slots[i] = (struct mmio_slot){ .ctx = ctx };
		slots[i].base = m->map[MACHINE_VIRTIO_MMIO].base +
				i * MACHINE_VIRTIO_STRIDE;
		slots[i].intid = m->virtio_mmio_irq + i;
		register_slot(&slots[i]);
	}
	if (virtio_transport_kind() != VIRTIO_ON_PCI)
		pci_walk_slots(place_device, NULL);
}
