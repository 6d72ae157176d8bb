/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bhyve/virtio/vhost_user_msg.h"

#define VERSION	   1u
#define VERSION_OF 3u
#define REPLY	   4u
#define NEED_REPLY 8u

struct header {
	uint32_t request;
	uint32_t flags;
	uint32_t size;
};

/* Room for descriptors beside a message, in its proper alignment. */
union control {
	char space[CMSG_SPACE(sizeof(int) * VHOST_USER_MAX_REGIONS)];
	struct cmsghdr align;
};

static void attach_fds(struct msghdr *mh, union control *control,
		       const struct vhost_user_msg *msg)
{
	const size_t len = msg->nfds * sizeof(int);
	struct cmsghdr *c;

	if (!msg->nfds)
		return;
	memset(control, 0, sizeof(*control));
	mh->msg_control = control->space;
	mh->msg_controllen = CMSG_SPACE(len);
	c = CMSG_FIRSTHDR(mh);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), msg->fds, len);
}

static int error_of(ssize_t n)
{
	if (n == 0)
		return -ECONNRESET;
	return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
}

/* Skips the first @done bytes of two parts, which have been moved. */
static void skip(struct iovec *iov, size_t done)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		size_t n = done < iov[i].iov_len ? done : iov[i].iov_len;

		iov[i].iov_base = (char *)iov[i].iov_base + n;
		iov[i].iov_len -= n;
		done -= n;
	}
}

int vhost_user_send(int sock, const struct vhost_user_msg *msg)
{
	struct header h = { msg->request,
			    VERSION | (msg->want_ack ? NEED_REPLY : 0),
			    msg->size };
	struct iovec iov[] = { { &h, sizeof(h) },
			       { (void *)&msg->payload, msg->size } };
	struct msghdr mh = { .msg_iov = iov, .msg_iovlen = 2 };
	union control control;

	attach_fds(&mh, &control, msg);
	while (iov[0].iov_len + iov[1].iov_len) {
		ssize_t n = sendmsg(sock, &mh, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_of(n);
		/* The descriptors went with the first byte. */
		mh.msg_controllen = 0;
		skip(iov, n);
	}
	return 0;
}

/* Keeps the first descriptor, if it is wanted and none is there yet. */
static void take_fds(struct msghdr *mh, int *fd)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		const size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int got;

			memcpy(&got, CMSG_DATA(c) + i * sizeof(got),
			       sizeof(got));
			if (fd && *fd < 0)
				*fd = got;
			else
				close(got);
		}
	}
}

/* Receives @len bytes, however many pieces they come in. */
static int receive(int sock, void *data, size_t len, int *fd)
{
	while (len) {
		struct iovec iov = { data, len };
		union control control;
		struct msghdr mh = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control.space,
			.msg_controllen = sizeof(control.space),
		};
		ssize_t n = recvmsg(sock, &mh, MSG_CMSG_CLOEXEC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_of(n);
		take_fds(&mh, fd);
		data = (char *)data + n;
		len -= n;
	}
	return 0;
}

static int receive_message(int sock, uint32_t request, uint32_t size,
			   struct vhost_user_msg *msg, int *fd)
{
	struct header h;
	int error = receive(sock, &h, sizeof(h), fd);

	if (error)
		return error;
	if (h.request != request || (h.flags & VERSION_OF) != VERSION ||
	    !(h.flags & REPLY) || h.size != size || size > sizeof(msg->payload))
		return -EPROTO;
	msg->request = request;
	msg->size = size;
	return receive(sock, &msg->payload, size, fd);
}

int vhost_user_receive(int sock, uint32_t request, uint32_t size,
		       struct vhost_user_msg *msg, int *fd)
{
	int error;

	if (fd)
		*fd = -1;
	error = receive_message(sock, request, size, msg, fd);
	if (error && fd && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return error;
}
