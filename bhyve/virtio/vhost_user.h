/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Back ends in other processes: vhost-user, by a UNIX socket. Guest memory has to
 * be shared memory (vm_setup_shared_memory()).
 *
 * A back end may end at any time, and another one may take its place. Until then
 * the rings stay handed over, and the driver's notifications wait in their
 * eventfds. The new back end repeats the requests that the old one has not
 * finished. If back ends keep a record of them (INFLIGHT_SHMFD), it finds them
 * there; otherwise it begins behind the last buffer that was returned.
 *
 * Locking: as in vhost.h. A call waits for the back end for at most
 * CONNECTION_TIMEOUT seconds (connector.h); then it disconnects.
 */
#ifndef BHYVE_VHOST_USER_H
#define BHYVE_VHOST_USER_H

#include "bhyve/virtio/vhost.h"

struct vhost_user {
	struct vhost vhost; /* vhost.fd: the connection; -1: there is none */
	const char *path;
	uint64_t protocol; /* the protocol features that both have */
	uint64_t agreed;   /* what the driver has accepted */
	int connector;
	bool missed;	     /* it is gone, and that was said */
	struct mevent *gone; /* the connection ends */
	struct mevent *came; /* there is another one */
	/* The record of requests in flight, which is kept for the next one. */
	struct {
		int fd; /* -1: none */
		uint64_t size;
		uint64_t offset;
	} inflight;

	/* A new back end is there. May be NULL. */
	void (*came_back)(struct vhost_user *user);
};

/*
 * Connects to the back end at @path, which is kept, and shows it guest memory; die()s of
 * an error. In init only.
 */
void vhost_user_open(struct vhost_user *user, struct virtio_dev *dev,
		     const char *path);

/* How many rings it can have, at least 1; @n if it does not say. In init only. */
unsigned int vhost_user_max_queues(struct vhost_user *user, unsigned int n);

/*
 * The device's configuration, as far as the back end has it. 0; -ENOTSUP: it has none;
 * another negative errno.
 */
int vhost_user_get_config(struct vhost_user *user, void *config, uint32_t len);
int vhost_user_set_config(struct vhost_user *user, uint32_t off,
			  const void *data, uint32_t len);

/*
 * Follows the back end from now on. After vhost_add_rings(), in init; die()s without
 * descriptors.
 */
void vhost_user_follow(struct vhost_user *user);

#endif /* BHYVE_VHOST_USER_H */
