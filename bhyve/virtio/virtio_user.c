/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/pci/pci_emul.h"
#include "bhyve/virtio/virtio_user.h"

#define DEVICE_FEATURES 0xffffff /* virtio 1.2, 2.2 */

static void look_at_slot(unsigned int slot, unsigned int func,
			 const char *emulation, struct config_node *node,
			 void *found)
{
	(void)slot, (void)func;
	if (virtio_find(emulation) &&
	    get_config_value_node(node, VIRTIO_USER_KEY))
		*(bool *)found = true;
}

bool virtio_user_is_configured(void)
{
	bool found = false;

	pci_walk_slots(look_at_slot, &found);
	return found;
}

struct vhost_user *virtio_user_open(struct virtio_dev *dev,
				    struct config_node *node)
{
	const char *path = get_config_value_node(node, VIRTIO_USER_KEY);
	struct vhost_user *user = calloc(1, sizeof(*user));

	if (!path)
		die("%s: no back end given: " VIRTIO_USER_KEY "=SOCKET",
		    dev->tag);
	if (!user)
		die("%s: out of memory", dev->tag);
	dev->softc = user;
	vhost_user_open(user, dev, path);
	return user;
}

void virtio_user_make_queues(struct virtio_dev *dev, unsigned int nqueues)
{
	struct vhost_user *user = dev->softc;

	if (virtio_set_queues(dev, nqueues, VIRTIO_USER_QUEUE_SIZE))
		exit_with_error();
	vhost_add_rings(&user->vhost, dev, 0, nqueues);
	vhost_limit_features(&user->vhost);
	dev->features |= user->vhost.features & DEVICE_FEATURES;
	vhost_user_follow(user);
}

void virtio_user_driver_ok(struct virtio_dev *dev)
{
	struct vhost_user *user = dev->softc;

	vhost_start(&user->vhost);
}

/* Stops all rings if one is stopped; the others go on at the next notification. */
void virtio_user_stop(struct virtio_dev *dev, struct virtqueue *vq)
{
	(void)vq;
	virtio_user_settle(dev);
}

void virtio_user_settle(struct virtio_dev *dev)
{
	struct vhost_user *user = dev->softc;

	vhost_stop(&user->vhost);
}

/* Handles a notification that reached bhyve and not the back end. */
void virtio_user_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct vhost_user *user = dev->softc;

	if (user->vhost.running)
		virtio_come_back(vq);
	else
		virtio_user_driver_ok(dev);
}
