/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The generic ECAM host: configuration space (PCI Express, 7.2.2), interrupt
 * lines, and its device tree node (pci-host-ecam-generic).
 */
#include <libfdt.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/pci/pci_impl.h"

#define ECAM_BUS_SIZE (PCI_SLOTS * PCI_FUNCS * PCI_ECAM_FUNC)
#define NLINES	      4

/* The first cell of a PCI address: IEEE 1275 PCI binding, 2.2.1.1. */
#define PCI_SPACE_IO	0x01000000
#define PCI_SPACE_MEM32 0x02000000

static struct {
	struct vmctx *ctx;
	const struct machine *m;
	pthread_mutex_t lock;
	/* number of functions that hold each line up */
	unsigned int holders[NLINES];
} host = { .lock = PTHREAD_MUTEX_INITIALIZER };

void pci_intx_line(unsigned int line, bool up)
{
	uint32_t intid;

	pthread_mutex_lock(&host.lock);
	intid = host.m->pci_intx_irq + line;
	if (up && host.holders[line]++ == 0)
		vm_assert_irq(host.ctx, intid);
	else if (!up && --host.holders[line] == 0)
		vm_deassert_irq(host.ctx, intid);
	pthread_mutex_unlock(&host.lock);
}

static int ecam_handler(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			uint64_t *val, void *arg1, long arg2)
{
	uint32_t at = addr - host.m->map[MACHINE_PCI_ECAM].base;
	uint32_t off = at % PCI_ECAM_FUNC;
	struct pci_devinst *pi =
		at < ECAM_BUS_SIZE ? pci_device(at >> 15, at >> 12 & 7) : NULL;

	(void)vcpu;
	(void)arg1;
	(void)arg2;
	if (!pi || size > 4 || off % size) {
		*val = ~0ull; /* nobody answers */
		return 0;
	}
	if (dir == MEM_F_READ) {
		*val = pci_cfg_read(pi, off, size);
		return 0;
	}
	pci_cfg_write(pi, off, size, *val);
	pci_place_bars();
	return 0;
}

/* Ports and memory of the bus that no BAR covers read as all ones. */
static int empty_handler(struct vcpu *vcpu, int dir, uint64_t addr, int size,
			 uint64_t *val, void *arg1, long arg2)
{
	(void)vcpu;
	(void)dir;
	(void)addr;
	(void)size;
	(void)arg1;
	(void)arg2;
	*val = ~0ull;
	return 0;
}

static int prop_ranges(void *fdt)
{
	uint64_t pio = host.m->map[MACHINE_PCI_PIO].base;
	uint64_t mem = pci_mem_window.base;
	uint64_t len = pci_mem_window.end - pci_mem_window.base;
	const uint32_t cells[] = {
		PCI_SPACE_IO,
		0,
		0,
		pio >> 32,
		pio,
		0,
		host.m->map[MACHINE_PCI_PIO].size,
		PCI_SPACE_MEM32,
		mem >> 32,
		mem,
		mem >> 32,
		mem,
		len >> 32,
		len,
	};

	return fdt_prop_cells(fdt, "ranges", cells,
			      sizeof(cells) / sizeof(cells[0]));
}

/*
 * Only the low two bits of a slot's number matter, and only INTA is used, but
 * the map names all four pins: INTx+1 of a slot is INTx of the next slot.
 */
static int prop_interrupt_map(void *fdt)
{
	/*
	 * Child: address (3 cells), pin. Parent: phandle, address (2 cells),
	 * GIC cells.
	 */
	uint32_t cells[NLINES * NLINES * 10], *c = cells;
	unsigned int slot, pin;

	for (slot = 0; slot < NLINES; slot++) {
		for (pin = 0; pin < NLINES; pin++) {
			*c++ = slot << 11;
			*c++ = 0;
			*c++ = 0;
			*c++ = pin + 1;
			*c++ = FDT_PHANDLE_GIC;
			*c++ = 0;
			*c++ = 0;
			*c++ = FDT_GIC_SPI;
			*c++ = host.m->pci_intx_irq - SPI(0) +
			       (pci_intx_swizzle(slot) + pin) % NLINES;
			*c++ = FDT_IRQ_LEVEL_HIGH;
		}
	}
	return fdt_prop_cells(fdt, "interrupt-map", cells, c - cells);
}

static int pci_fdt_interrupts(void *fdt)
{
	/* Slot bits 1:0 and the pin. */
	const uint32_t mask[] = { 3 << 11, 0, 0, 7 };
	int error;

	error = fdt_property_u32(fdt, "#interrupt-cells", 1);
	if (!error)
		error = fdt_prop_cells(fdt, "interrupt-map-mask", mask, 4);
	if (!error)
		error = prop_interrupt_map(fdt);
	if (!error)
		error = fdt_property_u32(fdt, "msi-parent", FDT_PHANDLE_V2M);
	return error;
}

static int pci_fdt_identity(void *fdt)
{
	const uint32_t buses[] = { 0, 0 };
	int error;

	error = fdt_property_string(fdt, "compatible", "pci-host-ecam-generic");
	if (!error)
		error = fdt_property_string(fdt, "device_type", "pci");
	if (!error)
		error = fdt_property_u32(fdt, "linux,pci-domain", 0);
	if (!error)
		error = fdt_property_u32(fdt, "#address-cells", 3);
	if (!error)
		error = fdt_property_u32(fdt, "#size-cells", 2);
	if (!error)
		error = fdt_prop_cells(fdt, "bus-range", buses, 2);
	/* The devices are cache-coherent. */
	if (!error)
		error = fdt_property(fdt, "dma-coherent", NULL, 0);
	return error;
}

static int pci_fdt_node(void *fdt, void *arg)
{
	int error;

	(void)arg;
	error = fdt_begin_node_at(fdt, "pcie", pci_mem_window.base);
	if (!error)
		error = pci_fdt_identity(fdt);
	if (!error)
		error = fdt_prop_reg(fdt, host.m->map[MACHINE_PCI_ECAM].base,
				     ECAM_BUS_SIZE);
	if (!error)
		error = prop_ranges(fdt);
	if (!error)
		error = pci_fdt_interrupts(fdt);
	return error ? error : fdt_end_node(fdt);
}

void init_pci_host(struct vmctx *ctx, const struct machine *m)
{
	struct mem_range ecam = {
		.name = "pci-ecam",
		.flags = MEM_F_RW,
		.handler = ecam_handler,
		.base = m->map[MACHINE_PCI_ECAM].base,
		.size = m->map[MACHINE_PCI_ECAM].size,
	};
	const struct mem_range pio = {
		.name = "pci-pio",
		.flags = MEM_F_RW,
		.handler = empty_handler,
		.base = m->map[MACHINE_PCI_PIO].base,
		.size = m->map[MACHINE_PCI_PIO].size,
	};

	const struct mem_range window = {
		.name = "pci-mmio",
		.flags = MEM_F_RW,
		.handler = empty_handler,
		.base = m->map[MACHINE_PCI_MMIO].base,
		.size = m->map[MACHINE_PCI_MMIO].size,
	};

	host.ctx = ctx;
	host.m = m;
	memset(host.holders, 0, sizeof(host.holders));
	register_mem_background(&window);
	register_mem_background(&pio);
	if (register_mem(&ecam))
		die("pci: its addresses are taken");
}

void add_pci_host_node(void)
{
	if (fdt_register_node(pci_fdt_node, NULL))
		die("pci: out of memory");
}
