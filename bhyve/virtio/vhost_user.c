/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/base/connector.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/written.h"
#include "bhyve/virtio/vhost_user.h"
#include "bhyve/virtio/vhost_user_msg.h"
#include "bhyve/virtio/virtio.h"
#include "lib/vmmapi.h"

#define WANTED                                                        \
	(VHOST_USER_PROTOCOL_F_MQ | VHOST_USER_PROTOCOL_F_REPLY_ACK | \
	 VHOST_USER_PROTOCOL_F_CONFIG | VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD)

static struct vhost_user *user_of(struct vhost *vhost)
{
	return (struct vhost_user *)vhost;
}

/*
 * Sends a message that has no answer. If the back end can acknowledge messages
 * (REPLY_ACK), waits until it says whether it has carried out this one.
 */
static int tell(struct vhost_user *user, struct vhost_user_msg *msg)
{
	int error;

	msg->want_ack = user->protocol & VHOST_USER_PROTOCOL_F_REPLY_ACK;
	error = vhost_user_send(user->vhost.fd, msg);
	if (error || !msg->want_ack)
		return error;
	error = vhost_user_receive(user->vhost.fd, msg->request,
				   VHOST_USER_NUM_SIZE, msg, NULL);
	return error ? error : msg->payload.num ? -EIO : 0;
}

/* Sends a message and reads its answer, whose payload has @size bytes. */
static int ask(struct vhost_user *user, struct vhost_user_msg *msg,
	       uint32_t size, int *fd)
{
	int error = vhost_user_send(user->vhost.fd, msg);

	if (error)
		return error;
	return vhost_user_receive(user->vhost.fd, msg->request, size, msg, fd);
}

static int get_number(struct vhost_user *user, uint32_t request, uint64_t *num)
{
	struct vhost_user_msg msg = { .request = request };
	int error = ask(user, &msg, VHOST_USER_NUM_SIZE, NULL);

	if (!error)
		*num = msg.payload.num;
	return error;
}

static int set_number(struct vhost_user *user, uint32_t request, uint64_t num)
{
	struct vhost_user_msg msg = {
		.request = request,
		.size = VHOST_USER_NUM_SIZE,
		.payload.num = num,
	};

	return tell(user, &msg);
}

static int set_state(struct vhost_ring *ring, uint32_t request, uint32_t num)
{
	struct vhost_user_msg msg = {
		.request = request,
		.size = sizeof(msg.payload.state),
		.payload.state = { ring->index, num },
	};

	return tell(user_of(ring->vhost), &msg);
}

/* The low bits of the payload are the number of the ring. */
static int set_fd(struct vhost_ring *ring, uint32_t request, int fd)
{
	struct vhost_user_msg msg = {
		.request = request,
		.size = VHOST_USER_NUM_SIZE,
		.payload.num = ring->index,
		.fds = { fd },
		.nfds = 1,
	};

	return tell(user_of(ring->vhost), &msg);
}

/* The addresses are those of bhyve's own mappings, as in the memory table. */
static int set_addresses(struct vhost_ring *ring)
{
	struct vhost_user_msg msg = {
		.request = VHOST_USER_SET_VRING_ADDR,
		.size = sizeof(msg.payload.addr),
		.payload.addr = {
			.index = ring->index,
			.desc = (uintptr_t)ring->vq->desc,
			.avail = (uintptr_t)ring->vq->driver,
			.used = (uintptr_t)ring->vq->device,
		},
	};

	return tell(user_of(ring->vhost), &msg);
}

static int show_memory(struct vhost_user *user)
{
	struct vhost_user_msg msg = { .request = VHOST_USER_SET_MEM_TABLE };
	struct vm_memory m;
	unsigned int i;

	for (i = 0; vm_get_memory(user->vhost.dev->ctx, i, &m) == 0; i++) {
		if (m.fd < 0 || msg.nfds == VHOST_USER_MAX_REGIONS)
			continue;
		msg.payload.memory.region[msg.nfds].gpa = m.gpa;
		msg.payload.memory.region[msg.nfds].size = m.len;
		msg.payload.memory.region[msg.nfds].user_addr =
			(uintptr_t)m.hva;
		msg.fds[msg.nfds++] = m.fd;
	}
	msg.payload.memory.n = msg.nfds;
	msg.size = 8 + msg.nfds * sizeof(msg.payload.memory.region[0]);
	return tell(user, &msg);
}

/* After this, messages may ask for acknowledgements, if both sides have REPLY_ACK. */
static int agree_on_protocol(struct vhost_user *user)
{
	uint64_t protocol = 0;
	int error =
		get_number(user, VHOST_USER_GET_PROTOCOL_FEATURES, &protocol);

	protocol &= WANTED;
	if (!error)
		error = set_number(user, VHOST_USER_SET_PROTOCOL_FEATURES,
				   protocol);
	user->protocol = protocol;
	return error;
}

static int greet(struct vhost_user *user)
{
	struct vhost_user_msg owner = { .request = VHOST_USER_SET_OWNER };
	int error;

	user->protocol = 0;
	error = get_number(user, VHOST_USER_GET_FEATURES,
			   &user->vhost.features);
	if (error)
		return error;
	if (!(user->vhost.features & VHOST_USER_F_PROTOCOL_FEATURES))
		return -EOPNOTSUPP;
	error = agree_on_protocol(user);
	if (!error)
		error = tell(user, &owner);
	return error ? error : show_memory(user);
}

/*
 * Disconnects, says so, and makes the connector look for another back end. A back
 * end that ends may still accept a connection. Such a connection never worked, so
 * its end is not reported again.
 */
static void give_up(struct vhost_user *user, int error)
{
	if (!user->missed)
		guest_println(
			"%s: the back end at %s is gone: %s; the device waits for "
			"another one there",
			user->vhost.dev->tag, user->path, strerror(-error));
	user->missed = true;
	mevent_delete_close(user->gone);
	user->gone = NULL;
	user->vhost.fd = -1;
	if (write(user->connector, "", 1) != 1)
		guest_println("%s: nobody is left to look for it",
			      user->vhost.dev->tag);
}

/*
 * Asks the back end for a new record of requests in flight, when a driver starts. A
 * later back end is given the same record.
 */
static int new_record(struct vhost_user *user)
{
	const struct vhost_ring *ring = &user->vhost.rings[0];
	struct vhost_user_msg msg = {
		.request = VHOST_USER_GET_INFLIGHT_FD,
		.size = sizeof(msg.payload.inflight),
		.payload.inflight.nqueues = user->vhost.nrings,
		.payload.inflight.queue_size = ring->vq->max_size,
	};
	int error = ask(user, &msg, msg.size, &user->inflight.fd);

	user->inflight.size = msg.payload.inflight.size;
	user->inflight.offset = msg.payload.inflight.offset;
	return error ? error : user->inflight.fd < 0 ? -EPROTO : 0;
}

static int hand_record(struct vhost_user *user)
{
	struct vhost_user_msg msg = {
		.request = VHOST_USER_SET_INFLIGHT_FD,
		.size = sizeof(msg.payload.inflight),
		.payload.inflight = {
			.size = user->inflight.size,
			.offset = user->inflight.offset,
			.nqueues = user->vhost.nrings,
			.queue_size = user->vhost.rings[0].vq->max_size,
		},
		.fds = { user->inflight.fd },
		.nfds = 1,
	};

	return tell(user, &msg);
}

static void drop_record(struct vhost_user *user)
{
	if (user->inflight.fd >= 0)
		close(user->inflight.fd);
	user->inflight.fd = -1;
}

static int begin(struct vhost_user *user)
{
	int error = set_number(user, VHOST_USER_SET_FEATURES,
			       user->agreed | VHOST_USER_F_PROTOCOL_FEATURES);

	if (error || !(user->protocol & VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD))
		return error;
	if (user->inflight.fd < 0)
		error = new_record(user);
	return error ? error : hand_record(user);
}

/* The kick comes last, because it starts the ring; then the ring is enabled. */
static int begin_ring(struct vhost_ring *ring)
{
	struct virtqueue *vq = ring->vq;
	int error = set_state(ring, VHOST_USER_SET_VRING_NUM, vq->size);

	if (!error)
		error = set_state(ring, VHOST_USER_SET_VRING_BASE, vq->avail);
	if (!error)
		error = set_addresses(ring);
	if (!error)
		error = set_fd(ring, VHOST_USER_SET_VRING_CALL, vq->call_fd);
	if (!error)
		error = set_fd(ring, VHOST_USER_SET_VRING_ERR,
			       ring->vhost->error_fd);
	if (!error)
		error = set_fd(ring, VHOST_USER_SET_VRING_KICK, vq->kick_fd);
	return error ? error : set_state(ring, VHOST_USER_SET_VRING_ENABLE, 1);
}

/* Without a back end, this and the next functions only note what to tell the next one. */
static int user_set_features(struct vhost *vhost, uint64_t features)
{
	struct vhost_user *user = user_of(vhost);
	int error;

	user->agreed = features;
	if (vhost->fd < 0)
		return 0;
	error = begin(user);
	if (error)
		give_up(user, error);
	return 0;
}

static int user_start_ring(struct vhost_ring *ring)
{
	int error;

	if (ring->vhost->fd < 0)
		return 0;
	error = begin_ring(ring);
	if (error)
		give_up(user_of(ring->vhost), error);
	return 0;
}

/*
 * The index in the used ring. The guest can change it, though a driver must not
 * (virtio 1.2, 2.7.8).
 */
static uint16_t used_index(const struct virtqueue *vq)
{
	return ((const volatile uint16_t *)vq->device)[1];
}

static int user_stop_ring(struct vhost_ring *ring, uint16_t *avail)
{
	struct vhost_user_msg msg = {
		.request = VHOST_USER_GET_VRING_BASE,
		.size = sizeof(msg.payload.state),
		.payload.state.index = ring->index,
	};
	int error;

	*avail = used_index(ring->vq);
	if (ring->vhost->fd < 0)
		return 0;
	error = ask(user_of(ring->vhost), &msg, msg.size, NULL);
	if (error)
		give_up(user_of(ring->vhost), error);
	else
		*avail = msg.payload.state.num;
	return 0;
}

static int user_run(struct vhost *vhost, bool on)
{
	if (!on)
		drop_record(user_of(vhost));
	return 0;
}

static const struct vhost_ops user_ops = {
	.set_features = user_set_features,
	.start_ring = user_start_ring,
	.stop_ring = user_stop_ring,
	.run = user_run,
};

/* Hands all rings to a new back end, as the last one has left them. */
static int resume_rings(struct vhost_user *user)
{
	unsigned int i;
	int error = begin(user);

	for (i = 0; i < user->vhost.nrings && !error; i++) {
		struct vhost_ring *ring = &user->vhost.rings[i];

		if (!ring->running)
			continue;
		ring->vq->avail = used_index(ring->vq);
		error = begin_ring(ring);
		virtio_come_back(ring->vq);
	}
	return error;
}

static int resume(struct vhost_user *user)
{
	int error = greet(user);

	if (error)
		return error;
	if (user->agreed & ~user->vhost.features)
		return -EOPNOTSUPP;
	if (user->came_back)
		user->came_back(user);
	return user->vhost.running ? resume_rings(user) : 0;
}

/*
 * The code that asks a question also reads the answer, with the lock held. So what
 * is readable here is the end of the connection, or a message that is no answer.
 */
static void on_readable(int fd, enum ev_type type, void *arg)
{
	struct vhost_user *user = arg;
	char byte;
	ssize_t n;

	(void)type;
	virtio_lock(user->vhost.dev);
	if (fd == user->vhost.fd) {
		n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
		if (n >= 0 || errno != EAGAIN)
			give_up(user, n > 0 ? -EPROTO : -ECONNRESET);
	}
	virtio_unlock(user->vhost.dev);
}

static int watch(struct vhost_user *user)
{
	user->gone = mevent_add(user->vhost.fd, EVF_READ, on_readable, user);
	return user->gone ? 0 : -ENOMEM;
}

static void take(struct vhost_user *user, int fd)
{
	int error;

	user->vhost.fd = fd;
	error = watch(user);
	if (error) {
		close(fd);
		user->vhost.fd = -1;
		return;
	}
	error = resume(user);
	if (error) {
		give_up(user, error);
		return;
	}
	user->missed = false;
	guest_println("%s: a back end at %s is there again",
		      user->vhost.dev->tag, user->path);
}

static void on_connection(int fd, enum ev_type type, void *arg)
{
	struct vhost_user *user = arg;
	int s = connector_take(fd);

	(void)type;
	virtio_lock(user->vhost.dev);
	if (s >= 0)
		take(user, s);
	else
		mevent_disable(user->came);
	virtio_unlock(user->vhost.dev);
}

void vhost_user_open(struct vhost_user *user, struct virtio_dev *dev,
		     const char *path)
{
	int error;

	user->path = path;
	written_by_back_end(dev->tag);
	user->inflight.fd = -1;
	user->vhost.dev = dev;
	user->vhost.ops = &user_ops;
	user->vhost.fd = connect_to(path);
	if (user->vhost.fd < 0)
		die("%s: vhost-user=%s: %s; start the back end first", dev->tag,
		    path, strerror(-user->vhost.fd));
	error = greet(user);
	if (error)
		die("%s: vhost-user=%s: there is no back end that works: %s",
		    dev->tag, path, strerror(-error));
}

unsigned int vhost_user_max_queues(struct vhost_user *user, unsigned int n)
{
	uint64_t max = n;

	if (!(user->protocol & VHOST_USER_PROTOCOL_F_MQ))
		return n;
	if (get_number(user, VHOST_USER_GET_QUEUE_NUM, &max) || max == 0)
		return 1;
	return max < n ? max : n;
}

int vhost_user_get_config(struct vhost_user *user, void *config, uint32_t len)
{
	struct vhost_user_msg msg = {
		.request = VHOST_USER_GET_CONFIG,
		.size = 12 + len,
		.payload.config.size = len,
	};
	int error;

	if (!(user->protocol & VHOST_USER_PROTOCOL_F_CONFIG) ||
	    len > VHOST_USER_MAX_CONFIG)
		return -ENOTSUP;
	error = ask(user, &msg, msg.size, NULL);
	if (!error)
		memcpy(config, msg.payload.config.data, len);
	return error;
}

int vhost_user_set_config(struct vhost_user *user, uint32_t off,
			  const void *data, uint32_t len)
{
	struct vhost_user_msg msg = {
		.request = VHOST_USER_SET_CONFIG,
		.size = 12 + len,
		.payload.config.offset = off,
		.payload.config.size = len,
	};
	int error;

	if (user->vhost.fd < 0 || len > VHOST_USER_MAX_CONFIG)
		return -ENOTSUP;
	memcpy(msg.payload.config.data, data, len);
	error = tell(user, &msg);
	if (error && error != -EIO)
		give_up(user, error);
	return error;
}

void vhost_user_follow(struct vhost_user *user)
{
	const char *tag = user->vhost.dev->tag;

	user->connector = connector_start(user->path);
	if (user->connector < 0)
		die("%s: no process to connect again: %s", tag,
		    strerror(-user->connector));
	user->came = mevent_add(user->connector, EVF_READ, on_connection, user);
	if (watch(user) || !user->came)
		die("%s: out of memory or descriptors", tag);
}
