/* SPDX-License-Identifier: BSD-2-Clause */
/* All devices on PCI, its configuration space, BARs and MSI-X: see virtio_guest.h. */
#include "tests/fuzz/virtio_guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	guest_run("pci", data, size);
	return 0;
}
