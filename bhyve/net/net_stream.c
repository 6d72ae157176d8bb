/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bhyve/base/mevent.h"
#include "bhyve/net/net_backends.h"
#include "bhyve/net/net_stream.h"

#define LENGTH_LEN 4
#define FRAME_MIN  14  /* an Ethernet header */
#define MAX_PARTS  256 /* the most segments that a guest's frame has */

struct net_stream {
	int fd;

	/* The rest of a frame of which the socket took a part. */
	pthread_mutex_t mtx;
	struct mevent *writable; /* for a copy of fd; on while there is a rest */
	size_t out_at, out_len;
	uint8_t out[LENGTH_LEN + NET_FRAME_MAX];

	/*
	 * Room for one frame with its length, and for the next frame's length.
	 * With more room, a whole frame could wait here while the socket is
	 * empty, and no event would announce the frame.
	 */
	size_t have;
	uint8_t in[LENGTH_LEN + NET_FRAME_MAX + LENGTH_LEN];
};

/* Called with the lock held. True: nothing is left. */
static bool send_rest(struct net_stream *s)
{
	ssize_t n;

	while (s->out_at < s->out_len) {
		n = write(s->fd, s->out + s->out_at, s->out_len - s->out_at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		/* The other end has closed; net_stream_receive() finds that out. */
		if (n < 0)
			break;
		s->out_at += n;
	}
	s->out_at = s->out_len = 0;
	mevent_disable(s->writable);
	return true;
}

static void on_writable(int fd, enum ev_type type, void *arg)
{
	struct net_stream *s = arg;

	(void)fd, (void)type;
	pthread_mutex_lock(&s->mtx);
	send_rest(s);
	pthread_mutex_unlock(&s->mtx);
}

struct net_stream *net_stream_new(int fd)
{
	struct net_stream *s = calloc(1, sizeof(*s));
	int copy = dup(fd);

	if (s && copy >= 0)
		s->writable =
			mevent_add_disabled(copy, EVF_WRITE, on_writable, s);
	if (!s || !s->writable) {
		free(s);
		return NULL;
	}
	s->fd = fd;
	pthread_mutex_init(&s->mtx, NULL);
	return s;
}

void net_stream_free(struct net_stream *s)
{
	mevent_delete_close(s->writable);
	pthread_mutex_destroy(&s->mtx);
	free(s);
}

static void keep_rest(struct net_stream *s, const struct iovec *iov, int n,
		      size_t sent)
{
	s->out_at = sent;
	for (int i = 0; i < n; i++) {
		memcpy(s->out + s->out_len, iov[i].iov_base, iov[i].iov_len);
		s->out_len += iov[i].iov_len;
	}
	mevent_enable(s->writable);
}

static ssize_t send_locked(struct net_stream *s, const struct iovec *iov, int n)
{
	struct iovec part[1 + MAX_PARTS];
	size_t len = 0;
	uint32_t head;
	ssize_t sent;

	if (!send_rest(s)) {
		errno = EAGAIN;
		return -1;
	}
	for (int i = 0; i < n; i++)
		len += iov[i].iov_len;
	head = htonl(len);
	part[0] = (struct iovec){ &head, sizeof(head) };
	memcpy(part + 1, iov, n * sizeof(*iov));
	sent = writev(s->fd, part, n + 1);
	if (sent < 0)
		return -1;
	if ((size_t)sent < sizeof(head) + len)
		keep_rest(s, part, n + 1, sent);
	return len;
}

ssize_t net_stream_send(struct net_stream *s, const struct iovec *iov, int n)
{
	ssize_t ret;

	pthread_mutex_lock(&s->mtx);
	ret = send_locked(s, iov, n);
	pthread_mutex_unlock(&s->mtx);
	return ret;
}

/* The length of the frame that comes; 0: its own bytes have not come yet. */
static uint32_t length_of_next(const struct net_stream *s)
{
	uint32_t len;

	if (s->have < LENGTH_LEN)
		return 0;
	memcpy(&len, s->in, sizeof(len));
	return ntohl(len);
}

static ssize_t take(struct net_stream *s, size_t len, void *buf, size_t room)
{
	size_t whole = LENGTH_LEN + len;

	memcpy(buf, s->in + LENGTH_LEN, len < room ? len : room);
	memmove(s->in, s->in + whole, s->have - whole);
	s->have -= whole;
	return len < room ? len : room;
}

ssize_t net_stream_receive(struct net_stream *s, void *buf, size_t room)
{
	for (;;) {
		uint32_t len = length_of_next(s);
		ssize_t n;

		if (s->have >= LENGTH_LEN &&
		    (len < FRAME_MIN || len > NET_FRAME_MAX)) {
			errno = EPROTO;
			return -1;
		}
		if (len && s->have >= LENGTH_LEN + len)
			return take(s, len, buf, room);
		n = read(s->fd, s->in + s->have,
			 LENGTH_LEN + len + LENGTH_LEN - s->have);
		if (n <= 0)
			return n;
		s->have += n;
	}
}
