/* SPDX-License-Identifier: BSD-2-Clause */
/* The entropy device (virtio 1.2, 5.4). */
#include <sys/random.h>

#include "bhyve/virtio/virtio.h"

#define QUEUE_SIZE 64
/*
 * Most bytes for one buffer. The device need not fill it (5.4.6.1), and other
 * devices wait for the event thread.
 */
#define MAX_BYTES 4096
#define BUDGET	  16

static uint32_t fill(const struct vq_chain *c)
{
	struct iovec part[VQ_MAX_SIZE];
	uint32_t sum = 0;
	int i, n;

	n = iov_slice(c->iov + c->nread, c->nwrite, 0, MAX_BYTES, part);
	for (i = 0; i < n; i++) {
		ssize_t got = getrandom(part[i].iov_base, part[i].iov_len, 0);

		if (got < 0)
			break;
		sum += got;
		if ((size_t)got < part[i].iov_len)
			break;
	}
	return sum;
}

static void rnd_notify(struct virtio_dev *dev, struct virtqueue *vq)
{
	struct vq_chain chain;
	int budget = BUDGET;

	vq_disable_kick(vq);
	do
		for (; budget && virtio_get(vq, &chain); budget--)
			virtio_put(vq, &chain, fill(&chain));
	while (budget && virtio_running(dev) && vq_enable_kick(vq));
	if (!budget)
		virtio_come_back(vq);
	virtio_signal(vq);
}

static int rnd_init(struct virtio_dev *dev, struct config_node *node)
{
	(void)node;
	return virtio_set_queues(dev, 1, QUEUE_SIZE);
}

static const struct virtio_dev_ops virtio_rnd = {
	.name = "virtio-rnd",
	.device_id = 4,
	.pci_class = 0x100000, /* encryption controller */
	.init = rnd_init,
	.notify = rnd_notify,
};
VIRTIO_DEVICE(virtio_rnd, virtio_state_none);
