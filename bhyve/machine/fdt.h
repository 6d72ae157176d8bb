/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device tree of the machine that was built, made with libfdt. Devices that
 * are optional add their own nodes.
 */
#ifndef BHYVE_FDT_H
#define BHYVE_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/*
 * Adds a device's nodes below the root of @fdt, which is open for sequential
 * writing (fdt_begin_node() etc.). There, addresses and sizes have two cells
 * each, the interrupt parent is the GIC with three cells, and clocks are
 * "apb-pclk". 0 or a libfdt error.
 */
typedef int (*fdt_node_t)(void *fdt, void *arg);

/*
 * Registers a function that adds nodes when the tree is made. At start-up, by a
 * device's init. 0 or -ENOMEM.
 */
int fdt_register_node(fdt_node_t func, void *arg);

/* The same, for children of the interrupt controller's node. */
int fdt_register_gic_node(fdt_node_t func, void *arg);

/* What only main() knows of the machine. */
struct fdt_params {
	const struct machine *machine;
	unsigned int ncpus;
	const char *cpu_compatible;
	uint32_t timer_hz; /* rate of the generic timer's counter, in Hz */
	uint64_t ram_size;
	uint64_t initrd_gpa, initrd_len; /* length 0: no initrd */
	const char *bootargs;		 /* NULL: none */
	const char *uuid; /* NULL: none; Linux shows it in /proc/cpuinfo */
	bool room; /* the tree fills the buffer, so that it can be edited */
};

/*
 * Makes the tree in @buf, and returns its size in bytes. -ENOSPC: @len is too
 * small; -EINVAL: any other error of libfdt.
 */
int fdt_build(void *buf, size_t len, const struct fdt_params *params);

/*
 * Makes the tree from another one of @dtb_len bytes, in which only /memory and
 * /chosen (boot arguments if there are any, initrd, seeds) are changed. Returns
 * what fdt_build() returns; -EINVAL: it is not a device tree.
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
#define FDT_GIC_SPI	    0
#define FDT_GIC_PPI	    1
#define FDT_IRQ_EDGE_RISING 1
#define FDT_IRQ_LEVEL_HIGH  4
#define FDT_IRQ_LEVEL_LOW   8

/* Helpers for devices' nodes. They return 0 or a libfdt error. */
/* reg = <base size>, with two cells each. */
int fdt_prop_reg(void *fdt, uint64_t base, uint64_t size);
/* interrupts = <SPI (intid - 32) flags>. */
int fdt_prop_irq(void *fdt, uint32_t intid, uint32_t flags);
/* Begins the node "NAME@BASE". */
int fdt_begin_node_at(void *fdt, const char *name, uint64_t base);
/* A property of @n cells, given in the CPU's byte order. */
int fdt_prop_cells(void *fdt, const char *name, const uint32_t *cells,
		   unsigned int n);

/* Whether the tree in @buf has a PL011 at @machine's address. */
bool fdt_has_uart(const void *buf, const struct machine *machine);

#endif /* BHYVE_FDT_H */
