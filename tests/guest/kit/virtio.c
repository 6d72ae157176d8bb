/* SPDX-License-Identifier: BSD-2-Clause */
#include "io.h"
#include "sysreg.h"
#include "virtio.h"

#define MMIO_BASE  0x0a000000u
#define MMIO_SLOTS 32
#define ECAM_BASE  0x3f000000u
#define PCI_SLOTS  32
#define BAR_WINDOW 0x10000000u

#define PCI_VIRTIO_VENDOR 0x1af4
#define PCI_COMMAND	  0x04
#define PCI_BAR0	  0x10
#define PCI_CAPABILITIES  0x34
#define PCI_SUBSYSTEM	  0x2e /* of a transitional device: its type */
#define PCI_CAP_VENDOR	  0x09

/* 4.1.4 */
#define CFG_COMMON 1
#define CFG_NOTIFY 2

struct place {
	uint16_t offset;
	uint16_t width;
};

static const struct place mmio_places[VIRTIO_NREGS] = {
	{ 0x014, 4 }, { 0x010, 4 }, { 0x024, 4 }, { 0x020, 4 }, { 0x070, 4 },
	{ 0x030, 4 }, { 0x034, 4 }, { 0x038, 4 }, { 0x044, 4 }, { 0x080, 4 },
	{ 0x084, 4 }, { 0x090, 4 }, { 0x094, 4 }, { 0x0a0, 4 }, { 0x0a4, 4 },
};

static const struct place pci_places[VIRTIO_NREGS] = {
	{ 0x00, 4 }, { 0x04, 4 }, { 0x08, 4 }, { 0x0c, 4 }, { 0x14, 1 },
	{ 0x16, 2 }, { 0x18, 2 }, { 0x18, 2 }, { 0x1c, 2 }, { 0x20, 4 },
	{ 0x24, 4 }, { 0x28, 4 }, { 0x2c, 4 }, { 0x30, 4 }, { 0x34, 4 },
};

static const struct place *place_of(const struct virtio *v, enum virtio_reg reg)
{
	return v->ecam ? &pci_places[reg] : &mmio_places[reg];
}

uint32_t virtio_read(const struct virtio *v, enum virtio_reg reg)
{
	const struct place *p = place_of(v, reg);
	uint32_t addr = v->regs + p->offset;

	return p->width == 4 ? read32(addr) :
	       p->width == 2 ? read16(addr) :
			       read8(addr);
}

void virtio_write(const struct virtio *v, enum virtio_reg reg, uint32_t value)
{
	const struct place *p = place_of(v, reg);
	uint32_t addr = v->regs + p->offset;

	if (p->width == 4)
		write32(addr, value);
	else if (p->width == 2)
		write16(addr, value);
	else
		write8(addr, value);
}

void virtio_write64(const struct virtio *v, enum virtio_reg reg, uint64_t value)
{
	virtio_write(v, reg, (uint32_t)value);
	virtio_write(v, reg + 1, value >> 32);
}

static bool find_mmio(struct virtio *v, uint32_t slot)
{
	uint32_t base = MMIO_BASE + slot * 0x200;

	v->type = read32(base + 8);
	v->regs = base;
	v->ecam = 0;
	return v->type != 0;
}

/* Assigns consecutive addresses to memory BARs, also to 64-bit ones. */
static void assign_bars(uint32_t ecam)
{
	static uint32_t next = BAR_WINDOW;
	uint32_t bar;

	for (bar = ecam + PCI_BAR0; bar < ecam + 0x28; bar += 4) {
		uint32_t old = read32(bar), size;

		if (old & 1)
			continue;
		write32(bar, ~0u);
		size = ~(read32(bar) & ~15u) + 1;
		if (!size)
			continue;
		next = (next + size - 1) & ~(size - 1);
		write32(bar, next);
		next += size;
		if (old & 4) {
			bar += 4;
			write32(bar, 0);
		}
	}
	write16(ecam + PCI_COMMAND, 6);
}

static void find_structures(struct virtio *v)
{
	uint32_t at = read8(v->ecam + PCI_CAPABILITIES);

	for (; at; at = read8(v->ecam + at + 1)) {
		uint32_t cap = v->ecam + at, addr;

		if (read8(cap) != PCI_CAP_VENDOR)
			continue;
		addr = (read32(v->ecam + PCI_BAR0 + 4 * read8(cap + 4)) &
			~15u) +
		       read32(cap + 8);
		if (read8(cap + 3) == CFG_COMMON) {
			v->regs = addr;
		} else if (read8(cap + 3) == CFG_NOTIFY) {
			v->notify = addr;
			v->notify_step = read32(cap + 16);
		}
	}
}

static bool find_pci(struct virtio *v, uint32_t slot)
{
	uint32_t ecam = ECAM_BASE + (slot << 15);

	if (read16(ecam) != PCI_VIRTIO_VENDOR)
		return false;
	v->type = read16(ecam + PCI_SUBSYSTEM);
	v->ecam = ecam;
	assign_bars(ecam);
	find_structures(v);
	return true;
}

uint32_t virtio_find(struct virtio *devs, uint32_t max)
{
	uint32_t n = 0, slot;

	for (slot = 0; slot < MMIO_SLOTS && n < max; slot++)
		n += find_mmio(&devs[n], slot);
	for (slot = 0; slot < PCI_SLOTS && n < max; slot++)
		n += find_pci(&devs[n], slot);
	return n;
}

bool virtio_begin(const struct virtio *v, uint64_t features)
{
	uint32_t word;

	virtio_write(v, VIRTIO_STATUS, 0);
	while (virtio_read(v, VIRTIO_STATUS))
		;
	virtio_write(v, VIRTIO_STATUS, VIRTIO_S_ACKNOWLEDGE | VIRTIO_S_DRIVER);
	features |= 1ull << VIRTIO_F_VERSION_1;
	for (word = 0; word < 2; word++) {
		uint32_t wanted = (uint32_t)(features >> (32 * word));

		virtio_write(v, VIRTIO_DEVICE_FEATURES_SEL, word);
		virtio_write(v, VIRTIO_DRIVER_FEATURES_SEL, word);
		virtio_write(v, VIRTIO_DRIVER_FEATURES,
			     virtio_read(v, VIRTIO_DEVICE_FEATURES) & wanted);
	}
	virtio_write(v, VIRTIO_STATUS,
		     VIRTIO_S_ACKNOWLEDGE | VIRTIO_S_DRIVER |
			     VIRTIO_S_FEATURES_OK);
	return virtio_read(v, VIRTIO_STATUS) & VIRTIO_S_FEATURES_OK;
}

void virtio_set_queue(const struct virtio *v, uint32_t n, struct vq *q)
{
	uint32_t i;

	for (i = 0; i < sizeof(*q) / 4; i++)
		write32((uint32_t)q + 4 * i, 0);
	virtio_write(v, VIRTIO_QUEUE_SEL, n);
	virtio_write(v, VIRTIO_QUEUE_SIZE, VQ_SIZE);
	virtio_write64(v, VIRTIO_QUEUE_DESC, (uint32_t)q->desc);
	virtio_write64(v, VIRTIO_QUEUE_DRIVER, (uint32_t)&q->avail);
	virtio_write64(v, VIRTIO_QUEUE_DEVICE, (uint32_t)&q->used);
	dsb();
	virtio_write(v, VIRTIO_QUEUE_ENABLE, 1);
}

void virtio_driver_ok(const struct virtio *v)
{
	virtio_write(v, VIRTIO_STATUS,
		     VIRTIO_S_ACKNOWLEDGE | VIRTIO_S_DRIVER |
			     VIRTIO_S_FEATURES_OK | VIRTIO_S_DRIVER_OK);
}

void virtio_kick(const struct virtio *v, uint32_t n)
{
	uint32_t off;

	dsb();
	if (!v->ecam) {
		write32(v->regs + 0x50, n);
		return;
	}
	write16(v->regs + 0x16, (uint16_t)n);
	off = read16(v->regs + 0x1e);
	write16(v->notify + off * v->notify_step, (uint16_t)n);
}

void vq_offer(struct vq *q, uint16_t head)
{
	q->avail.ring[q->avail.idx % VQ_SIZE] = head;
	dmb();
	q->avail.idx++;
}
