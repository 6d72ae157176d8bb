/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of devices in bhyve on x86 and in QEMU, and what they are called here.
 */
#include <fnmatch.h>
#include <stddef.h>
#include <string.h>
#include "bhyve/pci/pci_foreign.h"

#define NO_SCREEN                                                  \
	"this machine has no screen and no USB: leave it out, and" \
	" use the console"

/* Patterns of fnmatch(3). */
static const struct {
	const char *name;
	const char *mend;
} devices[] = {
	{ "ahci-cd", "give it as virtio-blk,ISO,ro" },
	{ "ahci*", "give it as virtio-blk,IMAGE" },
	{ "nvme", "give it as virtio-blk,IMAGE" },
	{ "virtio-scsi*", "give it as virtio-blk,IMAGE" },
	{ "virtio-blk-*", "it is virtio-blk,IMAGE" },
	{ "e1000*", "give it as virtio-net,BACKEND" },
	{ "virtio-net-*", "it is virtio-net,BACKEND" },
	{ "virtio-rng*", "it is virtio-rnd" },
	{ "virtio-serial*", "it is virtio-console,NAME=PATH" },
	{ "uart", "the serial port is always there: console= says where it"
		  " leads" },
	{ "fbuf", NO_SCREEN },
	{ "xhci", NO_SCREEN },
	{ "hda", "this machine has no sound: leave it out" },
	{ "virtio-gpu*", NO_SCREEN },
	{ "virtio-input*", NO_SCREEN },
	{ "virtio-9p*",
	  "files are shared by virtio-fs,tag=TAG,vhost-user=SOCKET" },
	{ "passthru", "there is none on 32-bit ARM: no IOMMU" },
};

bool pci_foreign_is_nothing(const char *name)
{
	return !strcmp(name, "lpc");
}

const char *pci_foreign_mend(const char *name)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (!fnmatch(devices[i].name, name, 0))
			return devices[i].mend;
	return NULL;
}
