/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtio-blk whose disk is in another process (vhost-user). */
#ifndef BHYVE_VIRTIO_BLK_USER_H
#define BHYVE_VIRTIO_BLK_USER_H

#include "bhyve/virtio/virtio.h"

/*
 * Called in place of a virtio-blk's own init and state if @node has the key
 * "vhost-user". blk_user_init() also puts other functions into dev->ops.
 */
void blk_user_init(struct virtio_dev *dev, struct config_node *node);
void blk_user_state(struct virtio_dev *dev, struct state *s);

#endif /* BHYVE_VIRTIO_BLK_USER_H */
