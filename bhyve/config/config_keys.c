/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys there are: a misspelt one must not pass for a default. */
#include <fnmatch.h>
#include <stddef.h>
#include "bhyve/config/config.h"

/* Patterns of fnmatch(3); bhyve_config(5) says what each means. */
static const char *const known_keys[] = {
	"boot.watch",
	"bootrom",
	"bootvars",
	"bvmcons",
	"config.dump",
	"console",
	"cores",
	"cpus",
	"destroy_on_poweroff",
	"dtb",
	"fbsd.howto",
	"fbsd.kenv.*",
	"fdt.bootargs",
	"fwcfg.[0-9]*.file",
	"fwcfg.[0-9]*.name",
	"fwcfg.[0-9]*.string",
	"initrd",
	"kernel",
	"machine.ram.base",
	"memory.guest_in_core",
	"memory.size",
	"memory.wired",
	"name",
	"pause.stops_time",
	"pci.[0-9]*.[0-9]*.[0-9]*.*",
	"raw.base",
	"restart_on_reboot",
	"sockets",
	"threads",
	"uuid",
	"vcpu.[0-7].cpuset",
	"virtio.transport",
};

bool config_key_known(const char *path)
{
	const size_t n = sizeof(known_keys) / sizeof(known_keys[0]);

	for (size_t i = 0; i < n; i++)
		if (!fnmatch(known_keys[i], path, 0))
			return true;
	return false;
}
