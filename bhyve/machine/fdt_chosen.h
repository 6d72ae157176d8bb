/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nodes that change from boot to boot, in a tree that is already written
 * and has room (fdt_open_into()). 0 or a libfdt error.
 */
#ifndef BHYVE_FDT_CHOSEN_H
#define BHYVE_FDT_CHOSEN_H

struct fdt_params;

/* /chosen: boot arguments, initrd, seeds for the guest's random numbers. */
int fdt_set_chosen(void *fdt, const struct fdt_params *params);

/* /memory, in the cells that the tree's root asks for. */
int fdt_set_memory(void *fdt, const struct fdt_params *params);

#endif /* BHYVE_FDT_CHOSEN_H */
