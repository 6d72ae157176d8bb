/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In place of the host kernel's back ends, which a machine that tests need not have:
 * takes note of what it is told, and moves nothing.
 */
#ifndef TESTS_UNIT_VHOST_FAKE_H
#define TESTS_UNIT_VHOST_FAKE_H

#include "bhyve/virtio/vhost.h"

/* Whether it is there; if not, opening fails with ENOENT. */
extern bool fake_vhost;
extern int fake_vhost_refuses; /* the error of the next ring's start */
extern uint64_t fake_vhost_agreed;
extern uint64_t fake_vhost_cid;

/* By the index of the device's queue. */
extern struct fake_ring {
	struct vhost_ring *ring; /* NULL: it does not have it */
	uint16_t from;		 /* where it started */
	bool running;
} fake_rings[16];

#endif /* TESTS_UNIT_VHOST_FAKE_H */
