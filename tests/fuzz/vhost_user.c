/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A back end that says anything. It has to be in step with what it is asked to get far,
 * so these are a good one's answers, which the input changes.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/base/connector.h"
#include "bhyve/virtio/vhost_user.h"
#include "bhyve/virtio/vhost_user_msg.h"
#include "bhyve/virtio/virtio.h"
#include "tests/fuzz/input.h"
#include "tests/unit/connector_fake.h"
#include "tests/unit/virtio_machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

bool raw_stdio;

static int back_end = -1;
static struct input input;
static struct virtio_dev *dev;
static struct vhost_user user;

static int fuzz_init(struct virtio_dev *d, struct config_node *node)
{
	(void)node;
	dev = d;
	return virtio_set_queues(d, 2, 8);
}

static void no_interrupt(struct virtio_dev *d, struct virtqueue *vq)
{
	(void)d, (void)vq;
}

static void no_irqfd(struct virtio_dev *d, struct virtqueue *vq, bool on)
{
	(void)d, (void)vq, (void)on;
}

static const struct virtio_dev_ops fuzz_ops = { .name = "fuzz",
						.init = fuzz_init };
static const struct virtio_device fuzz_device = { &fuzz_ops,
						  virtio_state_none };
static const struct virtio_transport fuzz_transport = {
	.queue_interrupt = no_interrupt,
	.queue_irqfd = no_irqfd,
};

static void enable(struct virtqueue *vq)
{
	vq->size_set = 8;
	vq->desc_gpa = DRV_DESC;
	vq->driver_gpa = DRV_DRIVER;
	vq->device_gpa = DRV_DEVICE;
	virtio_enable_queue(vq, true);
}

/* All that it can be asked, in the order of a device's life. */
static void converse(void)
{
	uint8_t config[60];

	vhost_user_open(&user, dev, "path");
	vhost_user_max_queues(&user, 2);
	vhost_user_get_config(&user, config, sizeof(config));
	vhost_add_rings(&user.vhost, dev, 0, 2);
	vhost_limit_features(&user.vhost);
	vhost_user_follow(&user);
	enable(&dev->vqs[0]);
	enable(&dev->vqs[1]);
	vhost_start(&user.vhost);
	vhost_user_set_config(&user, 32, config, 1);
	vhost_stop(&user.vhost);
	machine_events();
}

/* The answers of a good back end, in this order; virtio_user.c tests a real one. */
static const struct {
	uint32_t request;
	uint32_t size;
	uint64_t num;
} answers[] = {
	{ VHOST_USER_GET_FEATURES, 8, ~0ull },
	{ VHOST_USER_GET_PROTOCOL_FEATURES, 8, ~0ull },
	{ VHOST_USER_SET_OWNER, 8, 0 },
	{ VHOST_USER_SET_MEM_TABLE, 8, 0 },
	{ VHOST_USER_GET_QUEUE_NUM, 8, 2 },
	{ VHOST_USER_GET_CONFIG, 72, 60ull << 32 },
	{ VHOST_USER_SET_FEATURES, 8, 0 },
	{ VHOST_USER_GET_INFLIGHT_FD, 24, 4096 },
	{ VHOST_USER_SET_INFLIGHT_FD, 8, 0 },
#define RING                                         \
	{ VHOST_USER_SET_VRING_NUM, 8, 0 },          \
		{ VHOST_USER_SET_VRING_BASE, 8, 0 }, \
		{ VHOST_USER_SET_VRING_ADDR, 8, 0 }, \
		{ VHOST_USER_SET_VRING_CALL, 8, 0 }, \
		{ VHOST_USER_SET_VRING_ERR, 8, 0 },  \
		{ VHOST_USER_SET_VRING_KICK, 8, 0 }, \
	{                                            \
		VHOST_USER_SET_VRING_ENABLE, 8, 0    \
	}
	RING,
	RING,
	{ VHOST_USER_SET_CONFIG, 8, 0 },
	{ VHOST_USER_GET_VRING_BASE, 8, 0 },
	{ VHOST_USER_GET_VRING_BASE, 8, 0 },
};
#define NANSWERS (sizeof(answers) / sizeof(*answers))

static size_t write_answers(uint8_t *to)
{
	size_t len = 0, i;

	for (i = 0; i < NANSWERS; i++) {
		const uint32_t head[] = { answers[i].request, 5,
					  answers[i].size };

		memcpy(to + len, head, sizeof(head));
		memset(to + len + sizeof(head), 0, answers[i].size);
		memcpy(to + len + sizeof(head), &answers[i].num, 8);
		len += sizeof(head) + answers[i].size;
	}
	return len;
}

/*
 * The answers, with bytes changed and cut off, and with descriptors beside the first
 * and the second part. The end of the data is the end of the connection, so that nobody
 * waits.
 */
static void send_part(const uint8_t *bytes, size_t n)
{
	struct iovec iov = { (void *)bytes, n };
	union {
		char space[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.space,
			     .msg_controllen = sizeof(control.space) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&mh);
	const int fds[2] = { back_end, back_end };

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	if (n && sendmsg(back_end, &mh, MSG_NOSIGNAL) < 0)
		abort();
}

static void answer(struct input *in)
{
	static uint8_t bytes[4096];
	size_t len = write_answers(bytes), split;

	split = input_number(in, 2) % len;
	len -= input_number(in, 2) % len;
	while (in->left >= 3) {
		size_t at = input_number(in, 2) % sizeof(bytes);

		bytes[at] ^= input_number(in, 1);
	}
	if (split > len)
		split = len;
	send_part(bytes, split);
	send_part(bytes + split, len - split);
	shutdown(back_end, SHUT_WR);
}

static int connect_pair(const char *path)
{
	int fds[2];

	(void)path;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		abort();
	back_end = fds[1];
	answer(&input);
	return fds[0];
}

static void make_device(void)
{
	const struct virtio_conf conf = { .device = &fuzz_device,
					  .where = "fuzz" };
	struct virtio_dev *made;

	machine_init();
	virtio_create(NULL, &conf, &made);
	dev->transport = &fuzz_transport;
	connector_fake_connect = connect_pair;
}

/*
 * Closes what bhyve has opened in this run. bhyve itself never does, because a
 * device lives as long as bhyve.
 */
static void clean_up(int first)
{
	if (user.inflight.fd >= 0)
		close(user.inflight.fd);
	close_range(first, ~0u, 0);
	free(dev->vqs);
	free(dev);
	memset(&user, 0, sizeof(user));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int first = dup(0);

	input.data = data;
	input.left = size;
	make_device();
	if (!DIES(converse()))
		vhost_stop(&user.vhost);
	clean_up(first);
	return 0;
}
