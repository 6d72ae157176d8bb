/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses keys that nothing has read, so that a misspelt key is not silently
 * ignored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/run/options.h"

/* Names of disk and network options in other programs. */
static const struct {
	const char *word;
	const char *mend;
} hints[] = {
	{ "readonly", "read-only is ro" },
	{ "read-only", "read-only is ro" },
	{ "rdonly", "read-only is ro" },
	{ "cache", "nocache leaves the host's cache out, sync writes through"
		   " it" },
	{ "discard", "discards are passed on unless nodelete is given" },
	{ "serial", "the serial number is ser=TEXT" },
	{ "bootindex", "firmware takes the slots in their order" },
	{ "macaddr", "the address is mac=" },
	{ "ifname", "the interface is the first word: virtio-net,tapN" },
	{ "host_mtu", "it is mtu=" },
};

static const char *hint_for(const char *word)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (!strcmp(hints[i].word, word))
			return hints[i].mend;
	return "bhyve(8) lists them; a comma that belongs to a path is"
	       " written twice";
}

/* pci.BUS.SLOT.FUNCTION.OPTION */
static int refuse_pci(const char *key, const char *value)
{
	unsigned int bus, slot, func;
	int used = 0;
	const char *device;
	char path[64];

	if (sscanf(key, "pci.%u.%u.%u.%n", &bus, &slot, &func, &used) != 3 ||
	    !used || !strcmp(key + used, "device"))
		return refuse("%s=%s: there is no such place: bus 0, slots 0 to"
			      " 31, functions 0 to 7, as in pci.0.1.0.device",
			      key, value);
	snprintf(path, sizeof(path), "pci.%u.%u.%u.device", bus, slot, func);
	device = get_config_value(path);
	return refuse("pci slot %u:%u: %s has no option \"%s\" (=%s): %s", slot,
		      func, device ? device : "it", key + used, value,
		      hint_for(key + used));
}

static int refuse_key(const char *key)
{
	const char *value = get_config_value(key);

	if (!strncmp(key, "pci.", 4))
		return refuse_pci(key, value);
	if (!strncmp(key, "vcpu.", 5))
		return refuse("%s=%s: there is no such virtual CPU: -c says how"
			      " many, and the first is 0",
			      key, value);
	return refuse("%s=%s: nothing in this machine reads it: leave it out",
		      key, value);
}

int refuse_unread_keys(void)
{
	char *key = find_unread_config_key();
	int error = key ? refuse_key(key) : 0;

	free(key);
	return error;
}
