/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree, generated with libfdt from the machine that was built:
 * every device that exists adds its own node.
 */
#ifndef BHYVE_FDT_H
#define BHYVE_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/*
 * Adds one device's nodes below the root of @fdt, which is open for
 * sequential writing (fdt_begin_node() and so on). Addresses and sizes there
 * are two cells each, the interrupt parent is the GIC with three cells, and
 * clocks are "apb-pclk". 0 or a libfdt error.
 */
typedef int (*fdt_node_t)(void *fdt, void *arg);

/*
 * Has @func called when the tree is made. At start-up, by a device's init;
 * -ENOMEM.
 */
int fdt_register_node(fdt_node_t func, void *arg);

/* The same for a child of the interrupt controller's node. */
int fdt_register_gic_node(fdt_node_t func, void *arg);

/* What only main() knows of the machine that was built. */
struct fdt_params {
	const struct machine *machine;
	unsigned int ncpus;
	const char *cpu_compatible;
	uint32_t timer_hz; /* of the generic timer's counter */
	uint64_t ram_size;
	uint64_t initrd_gpa, initrd_len; /* length 0: none */
	const char *bootargs; /* NULL: none */
	const char *uuid; /* NULL: none; Linux's /proc/cpuinfo shows it */
	bool room; /* the tree takes all of the buffer, for who edits it */
};

/*
 * Makes the tree in @buf. Its size in bytes; -ENOSPC where @len is too small,
 * -EINVAL for anything else libfdt did not like.
 */
int fdt_build(void *buf, size_t len, const struct fdt_params *params);

/*
 * Makes it of a tree somebody else wrote, of @dtb_len bytes: only /memory and
 * /chosen (boot arguments if there are any, initrd, seeds) become this
 * machine's. As fdt_build(); -EINVAL: it is not a device tree.
 */
int fdt_adapt(void *buf, size_t len, const void *dtb, size_t dtb_len,
	      const struct fdt_params *params);

/* Phandles that every tree has. */
enum {
	FDT_PHANDLE_GIC = 1,
	FDT_PHANDLE_APB_PCLK,
	FDT_PHANDLE_GPIO,
	FDT_PHANDLE_V2M,
};

/* Cells of a GIC interrupt (devicetree: arm,gic): kind, number, flags. */
#define FDT_GIC_SPI		0
#define FDT_GIC_PPI		1
#define FDT_IRQ_EDGE_RISING	1
#define FDT_IRQ_LEVEL_HIGH	4
#define FDT_IRQ_LEVEL_LOW	8

/* Helpers for node makers; 0 or a libfdt error. */
/* reg = <base size> with two cells each. */
int fdt_prop_reg(void *fdt, uint64_t base, uint64_t size);
/* interrupts = <SPI (intid - 32) flags>. */
int fdt_prop_irq(void *fdt, uint32_t intid, uint32_t flags);
/* Opens the node "NAME@BASE". */
int fdt_begin_node_at(void *fdt, const char *name, uint64_t base);
/* @n cells, from an array in CPU order. */
int fdt_prop_cells(void *fdt, const char *name, const uint32_t *cells,
		   unsigned int n);

/* Has the tree in @buf a PL011 where @machine's is? */
bool fdt_has_uart(const void *buf, const struct machine *machine);

#endif /* BHYVE_FDT_H */
