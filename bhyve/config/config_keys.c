/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys that exist, so that a misspelt key is not silently ignored. */
#include <fnmatch.h>
#include <stddef.h>
#include "bhyve/config/config.h"

/* Patterns of fnmatch(3); bhyve_config(5) describes them. */
static const char *const known_keys[] = {
	"acpi_tables",
	"acpi_tables_in_memory",
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
	"gdb.address",
	"gdb.port",
	"gdb.socket",
	"gdb.wait",
	"initrd",
	"kernel",
	"keyboard.layout",
	"machine.ram.base",
	"memory.guest_in_core",
	"memory.hugetlb",
	"memory.mergeable",
	"memory.size",
	"memory.wired",
	"name",
	"pause.stops_time",
	"pci.[0-9]*.[0-9]*.[0-9]*.*",
	"raw.base",
	"receive",
	"restore",
	"restart_on_reboot",
	"rtc.use_localtime",
	"sockets",
	"threads",
	"user",
	"uuid",
	"vcpu.[0-7].cpuset",
	"virtio.transport",
	"virtio_msix",
	"x86.*",
};

/* Keys of bhyve on other hosts, accepted because managers set them. */
static const char *const ignored_keys[] = {
	"acpi_tables",	   "acpi_tables_in_memory", "destroy_on_poweroff",
	"keyboard.layout", "rtc.use_localtime",	    "virtio_msix",
	"x86.*",
};

bool config_key_ignored(const char *path)
{
	const size_t n = sizeof(ignored_keys) / sizeof(ignored_keys[0]);

	for (size_t i = 0; i < n; i++)
		if (!fnmatch(ignored_keys[i], path, 0))
			return true;
	return false;
}

bool config_key_known(const char *path)
{
	const size_t n = sizeof(known_keys) / sizeof(known_keys[0]);

	for (size_t i = 0; i < n; i++)
		if (!fnmatch(known_keys[i], path, 0))
			return true;
	return false;
}
