/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk that another process serves, such as qemu-storage-daemon (virtio 1.2, 5.2). */
#include <errno.h>
#include <string.h>

#include "bhyve/base/debug.h"
#include "bhyve/config/config.h"
#include "bhyve/virtio/virtio_blk_user.h"
#include "bhyve/virtio/virtio_user.h"

#define VIRTIO_BLK_F_CONFIG_WCE (1ull << 11)
#define VIRTIO_BLK_F_MQ		(1ull << 12)

#define MAX_QUEUES 8

/* 5.2.4: what is read of struct virtio_blk_config. */
#define CONFIG_LEN 60
#define CAPACITY   0
#define WRITEBACK  32
#define NUM_QUEUES 34

static uint64_t capacity(const struct virtio_dev *dev)
{
	uint64_t sectors;

	memcpy(&sectors, dev->config + CAPACITY, sizeof(sectors));
	return sectors;
}

static int read_config(struct virtio_dev *dev)
{
	struct vhost_user *user = dev->softc;
	uint16_t nqueues = user->vhost.nrings;
	int error = vhost_user_get_config(user, dev->config, CONFIG_LEN);

	memcpy(dev->config + NUM_QUEUES, &nqueues, sizeof(nqueues));
	return error;
}

static int set_writeback(struct virtio_dev *dev, uint8_t writeback)
{
	int error = vhost_user_set_config(dev->softc, WRITEBACK, &writeback, 1);

	if (!error)
		dev->config[WRITEBACK] = writeback;
	return error;
}

/*
 * The guest is not told what a back end says of its cache: qemu-storage-daemon says that
 * it writes through, and writes back until it is told otherwise (findings/), so a driver
 * that believed it would flush nothing. A back end that cannot be told has a guest that
 * always flushes (5.2.6.2).
 */
static void begin_with_writeback(struct virtio_dev *dev)
{
	if (dev->features & VIRTIO_BLK_F_CONFIG_WCE && set_writeback(dev, 1))
		dev->features &= ~VIRTIO_BLK_F_CONFIG_WCE;
}

/* Another back end does not know what the guest has chosen. */
static void choose_again(struct virtio_dev *dev, uint8_t writeback)
{
	dev->config[WRITEBACK] = writeback;
	if (dev->features & VIRTIO_BLK_F_CONFIG_WCE &&
	    set_writeback(dev, writeback) && !writeback)
		guest_println("%s: its back end does not write through, as the"
			      " guest wants: what it writes may be lost in a"
			      " power cut",
			      dev->tag);
}

/* The new back end may have another image, or the image another size. */
static void came_back(struct vhost_user *user)
{
	struct virtio_dev *dev = user->vhost.dev;
	const uint8_t writeback = dev->config[WRITEBACK];
	uint64_t before = capacity(dev);

	if (read_config(dev) == 0 && capacity(dev) != before)
		virtio_config_changed(dev);
	choose_again(dev, writeback);
}

static void blk_user_config_write(struct virtio_dev *dev, uint32_t off,
				  const void *buf, uint32_t len)
{
	if (off == WRITEBACK && len == 1)
		set_writeback(dev, *(const uint8_t *)buf & 1);
}

void blk_user_state(struct virtio_dev *dev, struct state *s)
{
	state_same(s, "the size of the disk in sectors", capacity(dev));
	state_number(s, "writeback", dev->config + WRITEBACK, 1, 1);
	if (state_is_loaded(s))
		choose_again(dev, dev->config[WRITEBACK]);
}

static const struct virtio_dev_ops blk_user_ops = {
	.name = "virtio-blk",
	.device_id = 2,
	.pci_class = 0x010000, /* as virtio_blk.c has it */
	.driver_ok = virtio_user_driver_ok,
	.stop = virtio_user_stop,
	.settle = virtio_user_settle,
	.notify = virtio_user_notify,
	.config_write = blk_user_config_write,
};

void blk_user_init(struct virtio_dev *dev, struct config_node *node)
{
	struct vhost_user *user;
	uint64_t nqueues = 1;

	dev->ops = &blk_user_ops;
	dev->state = blk_user_state;
	user = virtio_user_open(dev, node);
	/* One queue for each vCPU, as drivers use them. */
	get_config_u64("cpus", &nqueues);
	nqueues = nqueues < 1 ? 1 : nqueues > MAX_QUEUES ? MAX_QUEUES : nqueues;
	nqueues = vhost_user_max_queues(user, nqueues);
	virtio_user_make_queues(dev, nqueues);
	if (nqueues > 1)
		dev->features |= VIRTIO_BLK_F_MQ;
	else
		dev->features &= ~VIRTIO_BLK_F_MQ;
	dev->config_len = CONFIG_LEN;
	if (read_config(dev))
		die("%s: vhost-user=%s: the back end does not say how large the "
		    "disk is",
		    dev->tag, user->path);
	begin_with_writeback(dev);
	user->came_back = came_back;
}
