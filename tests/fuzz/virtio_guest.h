/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine with one device of each kind and a guest that does what the input
 * says: accesses of any address, well-formed and mad requests, and events of
 * the outside in between. One machine for all inputs: each begins with a reset.
 */
#ifndef TESTS_FUZZ_VIRTIO_GUEST_H
#define TESTS_FUZZ_VIRTIO_GUEST_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input on one virtio.transport; always one and the same of them. */
void guest_run(const char *transport, const uint8_t *data, size_t size);

#endif /* TESTS_FUZZ_VIRTIO_GUEST_H */
