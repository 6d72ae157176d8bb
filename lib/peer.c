/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "lib/peer.h"

static bool parse_number(const char *text, long max, int *n)
{
	char *end;
	long val = strtol(text, &end, 10);

	*n = (int)val;
	return *text >= '0' && *text <= '9' && !*end && val <= max;
}

/* An IPv6 address stands in brackets. */
static bool parse_tcp(const char *text, struct peer *peer)
{
	const char *colon = strrchr(text, ':');
	const char *port = colon ? colon + 1 : text;
	size_t len = colon ? (size_t)(colon - text) : 0;
	int n;

	if (!parse_number(port, 65535, &n) || !n || strlen(port) > 5)
		return false;
	strcpy(peer->port, port);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= sizeof(peer->host))
		return false;
	memcpy(peer->host, text, len);
	peer->host[len] = '\0';
	return true;
}

bool peer_parse(const char *text, struct peer *peer)
{
	*peer = (struct peer){ .fd = -1 };
	if (!strncmp(text, "unix:", 5)) {
		peer->kind = PEER_UNIX;
		peer->path = text + 5;
		return *peer->path;
	}
	if (!strncmp(text, "tcp:", 4)) {
		peer->kind = PEER_TCP;
		return parse_tcp(text + 4, peer);
	}
	peer->kind = PEER_FD;
	return !strncmp(text, "fd:", 3) &&
	       parse_number(text + 3, 65535, &peer->fd);
}

static int connect_unix(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd < 0 ? -errno : fd;
	ret = -errno;
	close(fd);
	return ret;
}

/* 127.0.0.1 works without /etc/hosts, which a board may lack. */
static int resolve(const struct peer *peer, struct addrinfo **list)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
					.ai_flags = AI_NUMERICSERV };
	const char *host = peer->host;

	if (!*host || !strcmp(host, "localhost"))
		host = "127.0.0.1";
	return getaddrinfo(host, peer->port, &hints, list) ? -EADDRNOTAVAIL : 0;
}

/*
 * TCP_NODELAY, because the other side waits for short lines. A socket that is accepted has
 * the options of the one that listened.
 */
static int tcp_socket(const struct addrinfo *ai, int flags)
{
	int one = 1;
	int fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | flags,
			0);

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return fd;
}

static int connect_to(const struct addrinfo *ai)
{
	int fd = tcp_socket(ai, 0), ret;

	if (fd < 0 || !connect(fd, ai->ai_addr, ai->ai_addrlen))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static int connect_tcp(const struct peer *peer)
{
	struct addrinfo *list;
	int fd = resolve(peer, &list);

	if (fd)
		return fd;
	fd = -EADDRNOTAVAIL;
	for (const struct addrinfo *ai = list; ai && fd < 0; ai = ai->ai_next)
		fd = connect_to(ai);
	freeaddrinfo(list);
	return fd;
}

int peer_connect(const struct peer *peer)
{
	switch (peer->kind) {
	case PEER_UNIX:
		return connect_unix(peer->path);
	case PEER_TCP:
		return connect_tcp(peer);
	default:
		return peer->fd;
	}
}

int peer_listen_tcp(const struct peer *peer)
{
	struct addrinfo *list;
	int fd = resolve(peer, &list), ret;

	if (fd)
		return fd;
	fd = tcp_socket(list, SOCK_NONBLOCK);
	ret = fd < 0 || (!bind(fd, list->ai_addr, list->ai_addrlen) &&
			 !listen(fd, 1)) ?
		      0 :
		      -errno;
	freeaddrinfo(list);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}
