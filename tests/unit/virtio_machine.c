/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/machine/device.h"
#include "bhyve/virtio/virtio.h"
#include "tests/unit/virtio_machine.h"

bool irq_level[256];
unsigned int irq_raised[256];
unsigned int msi_count;
uint64_t msi_data;
unsigned int irqfds, ioeventfds, kicks;
char last_message[512];
jmp_buf die_jump;
bool die_armed;

/*
 * Devices live as long as bhyve, so each machine here leaves its devices
 * behind.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

int vm_assert_irq(struct vmctx *ctx, uint32_t intid)
{
	(void)ctx;
	irq_raised[intid] += !irq_level[intid];
	irq_level[intid] = true;
	return 0;
}

int vm_deassert_irq(struct vmctx *ctx, uint32_t intid)
{
	(void)ctx;
	irq_level[intid] = false;
	return 0;
}

int vm_raise_msi(struct vmctx *ctx, uint64_t addr, uint64_t data)
{
	(void)ctx;
	(void)addr;
	msi_count++;
	msi_data = data;
	return 0;
}

static struct irqfd {
	int fd;
	uint32_t intid;
} irqfd_table[64];

int vm_irqfd_assign_msi(struct vmctx *ctx, int fd, uint32_t intid)
{
	(void)ctx;
	assert(irqfds < 64);
	irqfd_table[irqfds++] = (struct irqfd){ fd, intid };
	return 0;
}

int vm_irqfd_deassign(struct vmctx *ctx, int fd, uint32_t intid)
{
	unsigned int i;
	eventfd_t n;

	(void)ctx;
	for (i = 0; i < irqfds; i++) {
		if (irqfd_table[i].fd != fd || irqfd_table[i].intid != intid)
			continue;
		/* vmm.ko takes the count, too (vmm/irqfd.c). */
		eventfd_read(fd, &n);
		irqfd_table[i] = irqfd_table[--irqfds];
		return 0;
	}
	return -ENOENT;
}

uint32_t irqfd_intid(int fd)
{
	unsigned int i;

	for (i = 0; i < irqfds; i++)
		if (irqfd_table[i].fd == fd)
			return irqfd_table[i].intid;
	return 0;
}

static struct ioeventfd {
	uint64_t gpa;
	uint64_t data;
	uint32_t len;
	bool match;
	int fd;
} table[4096];

int vm_ioeventfd_assign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			const uint64_t *match)
{
	(void)ctx;
	assert(ioeventfds < 4096);
	table[ioeventfds++] = (struct ioeventfd){ gpa, match ? *match : 0, len,
						  match != NULL, fd };
	return 0;
}

int vm_ioeventfd_deassign(struct vmctx *ctx, int fd, uint64_t gpa, uint32_t len,
			  const uint64_t *match)
{
	unsigned int i;

	(void)ctx, (void)match;
	for (i = 0; i < ioeventfds; i++) {
		if (table[i].gpa != gpa || table[i].len != len ||
		    table[i].fd != fd)
			continue;
		table[i] = table[--ioeventfds];
		return 0;
	}
	return -ENOENT;
}

static bool kick(uint64_t gpa, int size, uint64_t val)
{
	unsigned int i;

	for (i = 0; i < ioeventfds; i++) {
		const struct ioeventfd *e = &table[i];

		if (e->gpa != gpa || (e->len && e->len != (uint32_t)size) ||
		    (e->match && e->data != val))
			continue;
		eventfd_write(e->fd, 1);
		machine_event(e->fd);
		kicks++;
		return true;
	}
	return false;
}

unsigned int vcpu_id(const struct vcpu *vcpu)
{
	(void)vcpu;
	return 0;
}

void eprintln(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_message, sizeof(last_message), fmt, ap);
	va_end(ap);
}

void guest_println(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_message, sizeof(last_message), fmt, ap);
	va_end(ap);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_message, sizeof(last_message), fmt, ap);
	va_end(ap);
	exit_with_error();
}

void exit_with_error(void)
{
	if (die_armed)
		longjmp(die_jump, 1);
	fprintf(stderr, "died: %s\n", last_message);
	abort();
}

int refuse(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_message, sizeof(last_message), fmt, ap);
	va_end(ap);
	return -EINVAL;
}

const char *last_line(void)
{
	return last_message;
}

/* No tree is made here; it matters only that devices offer their nodes. */
int fdt_register_node(fdt_node_t func, void *arg)
{
	(void)func;
	(void)arg;
	return 0;
}

int fdt_register_gic_node(fdt_node_t func, void *arg)
{
	return fdt_register_node(func, arg);
}

int fdt_prop_reg(void *fdt, uint64_t base, uint64_t size)
{
	(void)fdt;
	(void)base;
	(void)size;
	return 0;
}

int fdt_prop_irq(void *fdt, uint32_t intid, uint32_t flags)
{
	return fdt_prop_reg(fdt, intid, flags);
}

int fdt_begin_node_at(void *fdt, const char *name, uint64_t base)
{
	(void)name;
	return fdt_prop_reg(fdt, base, 0);
}

int fdt_prop_cells(void *fdt, const char *name, const uint32_t *cells,
		   unsigned int n)
{
	(void)name;
	(void)cells;
	return fdt_prop_reg(fdt, n, 0);
}

/*
 * The threads of all machines stay; with stacks of the usual 8 MiB they would fill
 * the address space of a 32-bit program.
 */
static void limit_stacks(void)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 << 10);
	pthread_setattr_default_np(&attr);
}

void machine_init(void)
{
	limit_stacks();
	guest_clear();
	machine_again();
}

void machine_again(void)
{
	init_mem();
	init_devices();
	init_config();
	memset(irq_level, 0, sizeof(irq_level));
	memset(irq_raised, 0, sizeof(irq_raised));
	msi_count = 0;
	irqfds = ioeventfds = kicks = 0;
	machine_forget_events();
	last_message[0] = '\0';
}

void machine_start(bool mmio)
{
	machine_start_on(mmio ? "mmio" : "pci");
}

void machine_start_on(const char *transport)
{
	set_config_value("virtio.transport", transport);
	init_virtio_mmio(NULL, &virt_machine);
	init_pci(NULL, &virt_machine);
}

uint64_t rd(uint64_t addr, int size)
{
	uint64_t val = 0;
	int error = read_mem(NULL, addr, &val, size);

	if (error) {
		fprintf(stderr, "nobody answers at 0x%llx\n",
			(unsigned long long)addr);
		abort();
	}
	return size == 8 ? val : val & ((1ull << 8 * size) - 1);
}

void wr(uint64_t addr, int size, uint64_t val)
{
	if (kick(addr, size, val))
		return;
	if (write_mem(NULL, addr, val, size))
		abort();
}

/*
 * Offsets by virtio 1.2, 4.2.2, and on PCI the structures' places that
 * virtio_pci.c's capabilities give; tests/unit/pci_bus.c reads those.
 */
#define NOTIFY 0x3000
#define DEVCFG 0x2000

void vdev_find(struct vdev *v, bool pci, unsigned int slot)
{
	v->pci = pci;
	v->slot = slot;
	v->base = pci ? rd(CFG(slot, 0x20), 4) & ~0xfu : MMIO_SLOT(slot);
	v->legacy = !pci && rd(v->base + 4, 4) == 1;
}

void vdev_find_ports(struct vdev *v, unsigned int slot)
{
	v->pci = v->legacy = true;
	v->slot = slot;
	v->base = PORTS + (rd(CFG(slot, 0x10), 4) & ~3u);
}

/* 4.2.2, 4.1.4.8 and 4.1.4.3: where the status is, and how wide. */
static uint64_t status_at(struct vdev *v)
{
	return v->base + (!v->pci ? 0x70 : v->legacy ? 18 : 20);
}

static uint32_t features(struct vdev *v, uint32_t sel)
{
	wr(v->base + (v->pci ? 0 : 0x14), 4, sel);
	return rd(v->base + (v->pci ? 4 : 0x10), 4);
}

uint64_t vdev_features(struct vdev *v)
{
	uint64_t low;

	if (v->pci && v->legacy)
		return rd(v->base, 4);
	low = features(v, 0);
	return low | (uint64_t)features(v, 1) << 32;
}

uint8_t vdev_status(struct vdev *v)
{
	return rd(status_at(v), v->pci ? 1 : 4);
}

void vdev_set_status(struct vdev *v, uint8_t status)
{
	wr(status_at(v), v->pci ? 1 : 4, status);
}

static void write_features(struct vdev *v, uint32_t sel, uint32_t val)
{
	wr(v->base + (v->pci ? 8 : 0x24), 4, sel);
	wr(v->base + (v->pci ? 12 : 0x20), 4, val);
}

void vdev_write_features(struct vdev *v, uint64_t f)
{
	vdev_set_status(v, 0);
	vdev_set_status(v, 1);
	vdev_set_status(v, 3);
	if (v->pci && v->legacy) {
		wr(v->base + 4, 4, f);
		return;
	}
	write_features(v, 0, f);
	write_features(v, 1, f >> 32);
}

bool vdev_negotiate(struct vdev *v, uint64_t f)
{
	vdev_write_features(v, f);
	vdev_set_status(v, 11);
	return vdev_status(v) & 8;
}

static void write_address(struct vdev *v, unsigned int reg, uint64_t gpa)
{
	wr(v->base + reg, 4, gpa);
	wr(v->base + reg + 4, 4, gpa >> 32);
}

/* 4.2.4, with the page size and alignment that all drivers use. */
static void legacy_queue(struct vdev *v, unsigned int q, const struct driver *d)
{
	wr(v->base + 0x28, 4, 4096);
	wr(v->base + 0x30, 4, q);
	wr(v->base + 0x38, 4, d->size);
	wr(v->base + 0x3c, 4, 4096);
	wr(v->base + 0x40, 4, d->base / 4096);
}

/* 4.1.5.1.3.1: the device says how long it is. */
static void ports_queue(struct vdev *v, unsigned int q, const struct driver *d)
{
	wr(v->base + 14, 2, q);
	if (rd(v->base + 12, 2) != d->size)
		abort();
	wr(v->base + 8, 4, d->base / 4096);
}

void vdev_queue(struct vdev *v, unsigned int q, const struct driver *d)
{
	if (v->legacy) {
		v->pci ? ports_queue(v, q, d) : legacy_queue(v, q, d);
		return;
	}
	wr(v->base + (v->pci ? 22 : 0x30), v->pci ? 2 : 4, q);
	wr(v->base + (v->pci ? 24 : 0x38), v->pci ? 2 : 4, d->size);
	write_address(v, v->pci ? 32 : 0x80, d->base);
	write_address(v, v->pci ? 40 : 0x90, d->driver);
	write_address(v, v->pci ? 48 : 0xa0, d->device);
	wr(v->base + (v->pci ? 28 : 0x44), v->pci ? 2 : 4, 1);
}

void vdev_driver_ok(struct vdev *v)
{
	vdev_set_status(v, v->legacy ? 7 : 15);
}

void vdev_kick(struct vdev *v, unsigned int q)
{
	if (v->pci && v->legacy)
		wr(v->base + 16, 2, q);
	else if (v->pci)
		wr(v->base + NOTIFY + 4 * q, 2, q);
	else
		wr(v->base + 0x50, 4, q);
}

static uint64_t config_at(struct vdev *v)
{
	return v->base + (!v->pci ? 0x100 : v->legacy ? 20 : DEVCFG);
}

uint64_t vdev_config(struct vdev *v, uint32_t off, int size)
{
	return rd(config_at(v) + off, size);
}

void vdev_config_write(struct vdev *v, uint32_t off, int size, uint64_t val)
{
	wr(config_at(v) + off, size, val);
}

bool vdev_wait(struct driver *d, uint16_t *id, uint32_t *len)
{
	int tries;

	for (tries = 0; tries < 5000; tries++) {
		if (drv_used(d, id, len))
			return true;
		usleep(1000);
	}
	return false;
}
