/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's changes to the machine, for guests that are linked for another
 * one.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/machine/machine.h"

#define GIB UINT64_C(0x40000000)
#define MIB UINT64_C(0x100000)

static const char *const region_names[MACHINE_NREGIONS] = {
	[MACHINE_FLASH0] = "flash",
	[MACHINE_FLASH1] = "flash",
	[MACHINE_GICD] = "the interrupt controller",
	[MACHINE_GICC] = "the interrupt controller",
	[MACHINE_V2M] = "the interrupt controller",
	[MACHINE_UART] = "the serial port",
	[MACHINE_RTC] = "the clock",
	[MACHINE_FW_CFG] = "fw_cfg",
	[MACHINE_GPIO] = "the power button",
	[MACHINE_VIRTIO_MMIO] = "virtio-mmio",
	[MACHINE_PCI_MMIO] = "PCI's memory window",
	[MACHINE_BVMCONS] = "bvmcons",
	[MACHINE_PCI_PIO] = "PCI's I/O ports",
	[MACHINE_PCI_ECAM] = "PCI's configuration space",
};

static bool is_there(enum machine_region region, bool flash)
{
	if (region == MACHINE_FLASH0 || region == MACHINE_FLASH1)
		return flash;
	return region != MACHINE_RAM;
}

/*
 * How much RAM fits up to the next device, if that is enough for a VM (see -m).
 */
static const char *how_much_fits(uint64_t base, uint64_t end)
{
	static char text[32];

	if (end >= base + 64 * MIB)
		snprintf(text, sizeof(text), ": give -m %" PRIu64 "M",
			 (end - base) / MIB);
	return text;
}

static void check_ram(const struct machine *m, uint64_t base, uint64_t size,
		      bool flash)
{
	if (base % MACHINE_RAM_ALIGN || base > 4 * GIB - size)
		die("machine.ram.base=0x%" PRIx64
		    ": give a multiple of 0x%" PRIx64
		    " from which the RAM ends below 4 GiB",
		    base, MACHINE_RAM_ALIGN);
	for (unsigned int i = 0; i < MACHINE_NREGIONS; i++) {
		const struct machine_range *r = &m->map[i];

		if (is_there(i, flash) && base < r->base + r->size &&
		    r->base < base + size)
			die("machine.ram.base=0x%" PRIx64 ": %" PRIu64 " MiB of"
			    " RAM from there run into %s at 0x%" PRIx64
			    "-0x%" PRIx64 "%s",
			    base, size >> 20, region_names[i], r->base,
			    r->base + r->size - 1,
			    how_much_fits(base, r->base));
	}
}

const struct machine *machine_configured(uint64_t ram_size, bool flash)
{
	static struct machine m;
	uint64_t base;

	m = virt_machine;
	switch (get_config_u64("machine.ram.base", &base)) {
	case -ENOENT:
		break;
	case 0:
		check_ram(&m, base, ram_size, flash);
		m.map[MACHINE_RAM].base = base;
		break;
	default:
		die("machine.ram.base=%s: not a number",
		    get_config_value("machine.ram.base"));
	}
	return &m;
}
