/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads which transport the configuration asks for. */
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/virtio/virtio.h"

enum virtio_transport_kind virtio_transport_kind(void)
{
	const char *t = get_config_value("virtio.transport");

	if (!t || strcmp(t, "pci") == 0)
		return VIRTIO_ON_PCI;
	if (strcmp(t, "mmio") == 0)
		return VIRTIO_ON_MMIO;
	if (strcmp(t, "legacy") == 0)
		return VIRTIO_ON_LEGACY_MMIO;
	die("virtio.transport=%s: it is pci, mmio or legacy", t);
}
