/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <errno.h>

#include "tests/unit/vhost_fake.h"

/*
 * What Linux 6.1 offers for both (include/uapi/linux/vhost.h): NOTIFY_ON_EMPTY,
 * indirect descriptors, event indices, LOG_ALL, ANY_LAYOUT, VERSION_1.
 */
#define FEATURES                                                          \
	(1ull << 24 | 1ull << 28 | 1ull << 29 | 1ull << 26 | 1ull << 27 | \
	 1ull << 32)
#define MRG_RXBUF (1ull << 15) /* of vhost-net */
#define SEQPACKET (1ull << 1)  /* of vhost-vsock */

bool fake_vhost;
int fake_vhost_refuses;
uint64_t fake_vhost_agreed, fake_vhost_cid;
struct fake_ring fake_rings[16];

static struct fake_ring *fake_ring(const struct vhost_ring *ring)
{
	return &fake_rings[ring->vq->index];
}

static int set_features(struct vhost *vhost, uint64_t features)
{
	(void)vhost;
	fake_vhost_agreed = features;
	return 0;
}

static int start_ring(struct vhost_ring *ring)
{
	int error = fake_vhost_refuses;

	fake_vhost_refuses = 0;
	if (error)
		return error;
	assert(ring->vq->ready);
	*fake_ring(ring) = (struct fake_ring){ ring, ring->vq->avail, false };
	return 0;
}

/* It has used five buffers. */
static int stop_ring(struct vhost_ring *ring, uint16_t *avail)
{
	assert(!fake_ring(ring)->running);
	*avail = fake_ring(ring)->from + 5;
	fake_ring(ring)->ring = NULL;
	return 0;
}

static int run(struct vhost *vhost, bool on)
{
	unsigned int i;

	for (i = 0; i < vhost->nrings; i++) {
		assert(!on || fake_ring(&vhost->rings[i])->ring);
		fake_ring(&vhost->rings[i])->running = on;
	}
	return 0;
}

static const struct vhost_ops fake_ops = {
	.set_features = set_features,
	.start_ring = start_ring,
	.stop_ring = stop_ring,
	.run = run,
};

static int open_fake(struct vhost *vhost, uint64_t features)
{
	vhost->ops = &fake_ops;
	vhost->features = features;
	return fake_vhost ? 0 : -ENOENT;
}

int vhost_net_open(struct vhost *vhost, struct vmctx *ctx, int tap_fd)
{
	(void)ctx;
	assert(tap_fd >= 0);
	return open_fake(vhost, FEATURES | MRG_RXBUF);
}

int vhost_vsock_open(struct vhost *vhost, struct vmctx *ctx, uint64_t cid)
{
	(void)ctx;
	fake_vhost_cid = cid;
	return open_fake(vhost, FEATURES | SEQPACKET);
}

void vhost_kernel_close(struct vhost *vhost)
{
	(void)vhost;
}
