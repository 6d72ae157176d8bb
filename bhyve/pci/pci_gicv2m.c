/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv2m frame, which turns message writes into SPIs (Arm, "Server Base
 * System Architecture", DEN 0029, appendix E).
 */
#include <errno.h>
#include <libfdt.h>

#include "bhyve/base/debug.h"
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"
#include "bhyve/machine/mem.h"
#include "bhyve/pci/pci_impl.h"

#define V2M_MSI_TYPER  0x008 /* base INTID in 25:16, number in 9:0 */
#define V2M_MSI_SETSPI 0x040
#define V2M_MSI_IIDR   0xfcc
#define V2M_IIDR       0x53b /* architecture 0; implementer: Arm */

static struct {
	struct vmctx *ctx;
	struct machine_range at;
	uint32_t first;
	uint32_t count;
} v2m;

uint32_t gicv2m_intid(uint64_t addr, uint32_t data)
{
	if (addr != v2m.at.base + V2M_MSI_SETSPI || data < v2m.first ||
	    data >= v2m.first + v2m.count)
		return 0;
	return data;
}

bool gicv2m_message(uint64_t addr, uint32_t data)
{
	if (!gicv2m_intid(addr, data))
		return false;
	/*
	 * An edge; the vGIC ignores it if the guest has made the SPI
	 * level-sensitive.
	 */
	vm_raise_msi(v2m.ctx, addr, data);
	return true;
}

static uint32_t v2m_read(uint64_t off)
{
	switch (off) {
	case V2M_MSI_TYPER:
		return v2m.first << 16 | v2m.count;
	case V2M_MSI_IIDR:
		return V2M_IIDR;
	default:
		return 0;
	}
}

static int v2m_handler(struct vcpu *vcpu, int dir, uint64_t addr, int size,
		       uint64_t *val, void *arg1, long arg2)
{
	(void)vcpu;
	(void)arg1;
	(void)arg2;
	if (size != 4)
		*val = 0;
	else if (dir == MEM_F_READ)
		*val = v2m_read(addr - v2m.at.base);
	else
		gicv2m_message(addr, *val);
	return 0;
}

/* devicetree: arm,gic.yaml, a child of the GIC's node */
static int v2m_fdt_node(void *fdt, void *arg)
{
	int error;

	(void)arg;
	error = fdt_begin_node_at(fdt, "v2m", v2m.at.base);
	if (!error)
		error = fdt_property_string(fdt, "compatible",
					    "arm,gic-v2m-frame");
	if (!error)
		error = fdt_property(fdt, "msi-controller", NULL, 0);
	if (!error)
		error = fdt_prop_reg(fdt, v2m.at.base, v2m.at.size);
	if (!error)
		error = fdt_property_u32(fdt, "phandle", FDT_PHANDLE_V2M);
	return error ? error : fdt_end_node(fdt);
}

void init_gicv2m(struct vmctx *ctx, const struct machine *m)
{
	struct mem_range mr = {
		.name = "gicv2m",
		.flags = MEM_F_RW,
		.handler = v2m_handler,
		.base = m->map[MACHINE_V2M].base,
		.size = m->map[MACHINE_V2M].size,
	};

	v2m.ctx = ctx;
	v2m.at = m->map[MACHINE_V2M];
	v2m.first = m->msi_irq;
	v2m.count = m->nmsi;
	if (register_mem(&mr))
		die("gicv2m: its addresses are taken");
	if (fdt_register_gic_node(v2m_fdt_node, NULL))
		die("gicv2m: out of memory");
}
