/* SPDX-License-Identifier: BSD-2-Clause */
/* Back ends in the host's kernel: /dev/vhost-net and /dev/vhost-vsock. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vhost.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bhyve/virtio/vhost.h"
#include "lib/vmmapi.h"

static int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

/* ROMs are left out (their length is 0 here), because no device writes to them. */
static void list_memory(struct vmctx *ctx, struct vhost_memory *table)
{
	struct vm_memory m;
	unsigned int i;

	for (i = 0; vm_get_memory(ctx, i, &m) == 0; i++) {
		if (m.len == 0)
			continue;
		table->regions[table->nregions++] =
			(struct vhost_memory_region){
				.guest_phys_addr = m.gpa,
				.memory_size = m.len,
				.userspace_addr = (uintptr_t)m.hva,
			};
	}
}

static int show_memory(struct vmctx *ctx, int fd)
{
	struct vhost_memory *table = calloc(
		1, sizeof(*table) + VM_MAX_MEMSLOTS * sizeof(*table->regions));
	int error;

	if (!table)
		return -ENOMEM;
	list_memory(ctx, table);
	error = call(fd, VHOST_SET_MEM_TABLE, table);
	free(table);
	return error;
}

static int set_features(struct vhost *vhost, uint64_t features)
{
	return call(vhost->fd, VHOST_SET_FEATURES, &features);
}

static int set_file(struct vhost_ring *ring, unsigned long request, int fd)
{
	struct vhost_vring_file file = { ring->index, fd };

	return call(ring->vhost->fd, request, &file);
}

static int set_number(struct vhost_ring *ring, unsigned long request,
		      unsigned int num)
{
	struct vhost_vring_state state = { ring->index, num };

	return call(ring->vhost->fd, request, &state);
}

static int set_addresses(struct vhost_ring *ring)
{
	struct vhost_vring_addr addr = {
		.index = ring->index,
		.desc_user_addr = (uintptr_t)ring->vq->desc,
		.avail_user_addr = (uintptr_t)ring->vq->driver,
		.used_user_addr = (uintptr_t)ring->vq->device,
	};

	return call(ring->vhost->fd, VHOST_SET_VRING_ADDR, &addr);
}

/* The kick comes last: from then on the back end looks at the ring. */
static int start_ring(struct vhost_ring *ring)
{
	struct virtqueue *vq = ring->vq;
	int error = set_number(ring, VHOST_SET_VRING_NUM, vq->size);

	if (!error)
		error = set_number(ring, VHOST_SET_VRING_BASE, vq->avail);
	if (!error)
		error = set_addresses(ring);
	if (!error)
		error = set_file(ring, VHOST_SET_VRING_CALL, vq->call_fd);
	if (!error)
		error = set_file(ring, VHOST_SET_VRING_ERR,
				 ring->vhost->error_fd);
	if (!error)
		error = set_file(ring, VHOST_SET_VRING_KICK, vq->kick_fd);
	return error;
}

static int stop_ring(struct vhost_ring *ring, uint16_t *avail)
{
	struct vhost_vring_state state = { .index = ring->index };
	int error = set_file(ring, VHOST_SET_VRING_KICK, VHOST_FILE_UNBIND);

	if (!error)
		error = call(ring->vhost->fd, VHOST_GET_VRING_BASE, &state);
	if (!error)
		*avail = state.num;
	return error;
}

/* Frames come from the tap, and go there; -1: no longer (drivers/vhost/net.c). */
static int run_net(struct vhost *vhost, bool on)
{
	const int fd = on ? vhost->tap_fd : -1;
	unsigned int i;
	int error = 0;

	for (i = 0; i < vhost->nrings && !error; i++)
		error = set_file(&vhost->rings[i], VHOST_NET_SET_BACKEND, fd);
	return error;
}

static int run_vsock(struct vhost *vhost, bool on)
{
	int running = on;

	return call(vhost->fd, VHOST_VSOCK_SET_RUNNING, &running);
}

static const struct vhost_ops net_ops = {
	.set_features = set_features,
	.start_ring = start_ring,
	.stop_ring = stop_ring,
	.run = run_net,
};

static const struct vhost_ops vsock_ops = {
	.set_features = set_features,
	.start_ring = start_ring,
	.stop_ring = stop_ring,
	.run = run_vsock,
};

static int open_kernel(struct vhost *vhost, struct vmctx *ctx, const char *path)
{
	int error;

	vhost->fd = open(path, O_RDWR | O_CLOEXEC);
	if (vhost->fd < 0)
		return -errno;
	error = call(vhost->fd, VHOST_SET_OWNER, NULL);
	if (!error)
		error = call(vhost->fd, VHOST_GET_FEATURES, &vhost->features);
	if (!error)
		error = show_memory(ctx, vhost->fd);
	if (error)
		close(vhost->fd);
	return error;
}

int vhost_net_open(struct vhost *vhost, struct vmctx *ctx, int tap_fd)
{
	vhost->ops = &net_ops;
	vhost->tap_fd = tap_fd;
	return open_kernel(vhost, ctx, "/dev/vhost-net");
}

int vhost_vsock_open(struct vhost *vhost, struct vmctx *ctx, uint64_t cid)
{
	int error;

	vhost->ops = &vsock_ops;
	error = open_kernel(vhost, ctx, "/dev/vhost-vsock");
	if (error)
		return error;
	error = call(vhost->fd, VHOST_VSOCK_SET_GUEST_CID, &cid);
	if (error)
		close(vhost->fd);
	return error;
}

void vhost_kernel_close(struct vhost *vhost)
{
	close(vhost->fd);
}
