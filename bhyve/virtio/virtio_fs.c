/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file system device (virtio 1.2, 5.11): a directory of the host's, which another
 * process serves (virtiofsd). The guest mounts it by its tag.
 */
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/virtio/virtio_user.h"

#define TAG_LEN 36

/* One for requests that must not wait, and one for all others. */
#define NQUEUES	 2
#define NREQUEST 1

/* 5.11.4 */
struct fs_config {
	char tag[TAG_LEN]; /* not NUL-terminated if all are used */
	uint32_t num_request_queues;
};

static void set_tag(struct virtio_dev *dev, struct config_node *node)
{
	struct fs_config *cfg = (void *)dev->config;
	const char *tag = get_config_value_node(node, "tag");

	if (!tag || !*tag || strlen(tag) > TAG_LEN)
		die("%s: tag: by this name, of at most %d bytes, the guest "
		    "mounts it",
		    dev->tag, TAG_LEN);
	memcpy(cfg->tag, tag, strlen(tag));
}

static int fs_init(struct virtio_dev *dev, struct config_node *node)
{
	struct fs_config *cfg = (void *)dev->config;

	if (dev->legacy)
		die("%s: it is not for virtio.transport=legacy: use mmio",
		    dev->tag);
	set_tag(dev, node);
	cfg->num_request_queues = NREQUEST;
	dev->config_len = sizeof(*cfg);
	virtio_user_open(dev, node);
	virtio_user_make_queues(dev, NQUEUES);
	return 0;
}

/* Only the back end knows which files the guest has open, so they cannot be saved. */
static void fs_state(struct virtio_dev *dev, struct state *s)
{
	if (dev->status)
		state_fail(s, "a file system that is in use stays where it is: "
			      "unmount it, and unbind its driver");
}

static const struct virtio_dev_ops virtio_fs = {
	.name = "virtio-fs",
	.device_id = 26,
	.pci_class = 0x018000, /* mass storage, other */
	.init = fs_init,
	.driver_ok = virtio_user_driver_ok,
	.stop = virtio_user_stop,
	.settle = virtio_user_settle,
	.notify = virtio_user_notify,
};
VIRTIO_DEVICE(virtio_fs, fs_state);
