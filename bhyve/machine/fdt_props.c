/* SPDX-License-Identifier: BSD-2-Clause */
/* Helpers for devices' nodes. */
#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/machine.h"

int fdt_prop_cells(void *fdt, const char *name, const uint32_t *cells,
		   unsigned int n)
{
	fdt32_t *prop;
	int err;

	err = fdt_property_placeholder(fdt, name, n * sizeof(*prop),
				       (void **)&prop);
	for (unsigned int i = 0; !err && i < n; i++)
		prop[i] = cpu_to_fdt32(cells[i]);
	return err;
}

int fdt_prop_reg(void *fdt, uint64_t base, uint64_t size)
{
	const uint32_t cells[] = { base >> 32, base, size >> 32, size };

	return fdt_prop_cells(fdt, "reg", cells, 4);
}

int fdt_prop_irq(void *fdt, uint32_t intid, uint32_t flags)
{
	const uint32_t cells[] = { FDT_GIC_SPI, intid - SPI(0), flags };

	return fdt_prop_cells(fdt, "interrupts", cells, 3);
}

int fdt_begin_node_at(void *fdt, const char *name, uint64_t base)
{
	char path[64];

	snprintf(path, sizeof(path), "%s@%" PRIx64, name, base);
	return fdt_begin_node(fdt, path);
}
