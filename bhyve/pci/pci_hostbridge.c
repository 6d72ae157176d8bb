/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host bridge as a function of its bus: it has an identity, and does
 * nothing.
 */
#include "bhyve/pci/pci_dev.h"

/* Red Hat's generic PCIe host: guests know it, and no driver binds to it. */
#define HOSTBRIDGE_VENDOR 0x1b36
#define HOSTBRIDGE_DEVICE 0x0008

static int hostbridge_init(struct pci_devinst *pi, struct config_node *node)
{
	(void)node;
	pci_set_cfgdata16(pi, PCIR_VENDOR, HOSTBRIDGE_VENDOR);
	pci_set_cfgdata16(pi, PCIR_DEVICE, HOSTBRIDGE_DEVICE);
	pci_set_cfgdata8(pi, PCIR_CLASS, 0x06); /* bridge; subclass 0: host */
	return 0;
}

static const struct pci_devemu hostbridge = {
	.name = "hostbridge",
	.init = hostbridge_init,
};
PCI_EMUL(hostbridge);

/* Managers on AMD hosts ask for the bridge by this name. */
static const struct pci_devemu amd_hostbridge = {
	.name = "amd_hostbridge",
	.init = hostbridge_init,
};
PCI_EMUL(amd_hostbridge);
