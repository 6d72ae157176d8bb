/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes the nodes that differ from boot to boot. */
#include <libfdt.h>
#include <string.h>
#include <sys/random.h>
#include "bhyve/machine/fdt.h"
#include "bhyve/machine/fdt_chosen.h"
#include "bhyve/machine/machine.h"

static int find_or_add(void *fdt, const char *name)
{
	int node = fdt_subnode_offset(fdt, 0, name);

	return node == -FDT_ERR_NOTFOUND ? fdt_add_subnode(fdt, 0, name) : node;
}

static int set_seeds(void *fdt, int chosen)
{
	uint8_t rng_seed[64];
	uint64_t kaslr_seed;
	int err;

	if (getrandom(rng_seed, sizeof(rng_seed), GRND_NONBLOCK) !=
		    sizeof(rng_seed) ||
	    getrandom(&kaslr_seed, sizeof(kaslr_seed), GRND_NONBLOCK) !=
		    sizeof(kaslr_seed))
		/*
		 * the host has no random numbers yet: give no seed rather than
		 * a bad one
		 */
		return 0;
	err = fdt_setprop(fdt, chosen, "rng-seed", rng_seed, sizeof(rng_seed));
	if (!err)
		err = fdt_setprop_u64(fdt, chosen, "kaslr-seed", kaslr_seed);
	return err;
}

static int set_initrd(void *fdt, int chosen, const struct fdt_params *p)
{
	int err;

	err = fdt_setprop_u64(fdt, chosen, "linux,initrd-start", p->initrd_gpa);
	if (!err)
		err = fdt_setprop_u64(fdt, chosen, "linux,initrd-end",
				      p->initrd_gpa + p->initrd_len);
	return err;
}

int fdt_set_chosen(void *fdt, const struct fdt_params *params)
{
	int chosen = find_or_add(fdt, "chosen");
	int err = chosen < 0 ? chosen : 0;

	if (!err && params->bootargs)
		err = fdt_setprop_string(fdt, chosen, "bootargs",
					 params->bootargs);
	if (!err && params->initrd_len)
		err = set_initrd(fdt, chosen, params);
	return err ? err : set_seeds(fdt, chosen);
}

static int find_memory(void *fdt)
{
	int node = fdt_node_offset_by_prop_value(fdt, -1, "device_type",
						 "memory", sizeof("memory"));

	return node == -FDT_ERR_NOTFOUND ? find_or_add(fdt, "memory") : node;
}

/*
 * Writes @val as a big-endian number of @cells cells; returns the place behind
 * it.
 */
static fdt32_t *put_number(fdt32_t *out, int cells, uint64_t val)
{
	if (cells > 1)
		*out++ = cpu_to_fdt32(val >> 32);
	*out++ = cpu_to_fdt32(val);
	return out;
}

int fdt_set_memory(void *fdt, const struct fdt_params *params)
{
	int acells = fdt_address_cells(fdt, 0), scells = fdt_size_cells(fdt, 0);
	int node = find_memory(fdt), err;
	fdt32_t reg[4], *end;

	if (node < 0)
		return node;
	if (acells < 1 || acells > 2 || scells < 1 || scells > 2)
		return -FDT_ERR_BADNCELLS;
	end = put_number(reg, acells, params->machine->map[MACHINE_RAM].base);
	end = put_number(end, scells, params->ram_size);
	err = fdt_setprop_string(fdt, node, "device_type", "memory");
	if (!err)
		err = fdt_setprop(fdt, node, "reg", reg,
				  (end - reg) * sizeof(*reg));
	return err;
}
