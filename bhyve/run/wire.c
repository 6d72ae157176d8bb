/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include "bhyve/run/wire.h"

int wire_flush(struct wire *wire)
{
	while (wire->left) {
		ssize_t n = send(wire->fd, wire->out, wire->left,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		wire->out += n;
		wire->left -= (size_t)n;
	}
	return 0;
}

/* Byte by byte, so that nothing of the next line is taken. */
int wire_line(struct wire *wire)
{
	while (wire->len < sizeof(wire->line)) {
		char *at = wire->line + wire->len;
		ssize_t n = recv(wire->fd, at, 1, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EPIPE;
		if (*at == '\n') {
			*at = '\0';
			wire->len = 0;
			return 0;
		}
		wire->len++;
	}
	return -EPROTO;
}

void wire_say(int fd, const char *line)
{
	struct wire wire = { .fd = fd,
			     .out = (const uint8_t *)line,
			     .left = strlen(line) };

	if (wire_flush(&wire))
		return; /* nobody reads: the other side sees only the end */
}

int wire_wait(int fd, short events, int client_fd, int ms)
{
	/* poll() ignores client_fd if it is negative. */
	struct pollfd fds[] = { { .fd = fd, .events = events },
				{ .fd = client_fd, .events = POLLRDHUP } };
	int n;

	do
		n = poll(fds, 2, ms);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (fds[1].revents)
		return -ECANCELED;
	return n ? 0 : -ETIMEDOUT;
}
