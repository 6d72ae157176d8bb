/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine with one device of each kind, and a guest that does what the input
 * says: accesses to any address, correct and wrong requests, and events from
 * outside in between. All inputs use one machine, and each starts with a reset.
 */
#ifndef TESTS_FUZZ_VIRTIO_GUEST_H
#define TESTS_FUZZ_VIRTIO_GUEST_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input on a virtio.transport, which is the same for all inputs. */
void guest_run(const char *transport, const uint8_t *data, size_t size);

#endif /* TESTS_FUZZ_VIRTIO_GUEST_H */
