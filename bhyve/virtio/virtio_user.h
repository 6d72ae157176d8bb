/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices all of whose queues a vhost-user back end serves. They differ in their
 * configuration; the functions below are most of their struct virtio_dev_ops.
 * dev->softc is the struct vhost_user.
 */
#ifndef BHYVE_VIRTIO_USER_H
#define BHYVE_VIRTIO_USER_H

#include "bhyve/virtio/vhost_user.h"
#include "bhyve/virtio/virtio.h"

#define VIRTIO_USER_KEY	       "vhost-user"
#define VIRTIO_USER_QUEUE_SIZE 128

/* Whether any device has that key: then its back end must share the guest's memory. */
bool virtio_user_is_configured(void);

/* Connects to the back end of @node's key; die()s on an error. In init only. */
struct vhost_user *virtio_user_open(struct virtio_dev *dev,
				    struct config_node *node);

/*
 * Makes @nqueues queues, and offers the back end's features of the device's own kind
 * (bits 0 to 23). In init, at its end.
 */
void virtio_user_make_queues(struct virtio_dev *dev, unsigned int nqueues);

void virtio_user_driver_ok(struct virtio_dev *dev);
void virtio_user_stop(struct virtio_dev *dev, struct virtqueue *vq);
void virtio_user_settle(struct virtio_dev *dev);
void virtio_user_notify(struct virtio_dev *dev, struct virtqueue *vq);

#endif /* BHYVE_VIRTIO_USER_H */
