/* SPDX-License-Identifier: BSD-2-Clause */
/* All devices on virtio-mmio, as before virtio 1.0: see virtio_guest.h. */
#include "tests/fuzz/virtio_guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	guest_run("legacy", data, size);
	return 0;
}
