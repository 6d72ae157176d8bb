/* SPDX-License-Identifier: BSD-2-Clause */
/* All devices on virtio-mmio: see virtio_guest.h. */
#include "tests/fuzz/virtio_guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	guest_run("mmio", data, size);
	return 0;
}
