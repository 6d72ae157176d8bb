/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes the nodes that differ from boot to boot, in a complete tree with room
 * (fdt_open_into()). The functions return 0 or a libfdt error.
 */
#ifndef BHYVE_FDT_CHOSEN_H
#define BHYVE_FDT_CHOSEN_H

struct fdt_params;

/*
 * /chosen: boot arguments, initrd, seeds for the guest's random number
 * generator.
 */
int fdt_set_chosen(void *fdt, const struct fdt_params *params);

/* /memory, with the number of cells that the tree's root gives. */
int fdt_set_memory(void *fdt, const struct fdt_params *params);

#endif /* BHYVE_FDT_CHOSEN_H */
