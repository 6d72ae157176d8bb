/* SPDX-License-Identifier: BSD-2-Clause */
#include "init.h"
#include "io.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PORT  5000
#define BLOCK 65536

/* The kind of work on a connection: its first byte. */
enum {
	ASK = 'a',
	SEND = 's',
	RECEIVE = 'r'
};

static struct sockaddr_in peer = { .sin_family = AF_INET };
static char block[BLOCK];

static int new_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		die("socket");
	return fd;
}

/* Receives all of it; false: the connection has ended. */
static bool receive_all(int fd, void *data, size_t len)
{
	return recv(fd, data, len, MSG_WAITALL) == (ssize_t)len;
}

static bool send_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static void serve(int fd)
{
	char how;

	if (!receive_all(fd, &how, 1))
		return;
	switch (how) {
	case ASK:
		while (receive_all(fd, &how, 1))
			send_all(fd, &how, 1);
		break;
	case SEND:
		while (recv(fd, block, sizeof(block), 0) > 0)
			;
		send_all(fd, &how, 1);
		break;
	case RECEIVE:
		while (send_all(fd, block, sizeof(block)))
			;
		break;
	}
}

void net_serve(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons(PORT) };
	int listener = new_socket();

	if (bind(listener, (struct sockaddr *)&any, sizeof(any)) ||
	    listen(listener, 1))
		die("listen");
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			die("accept");
		serve(fd);
		close(fd);
	}
}

void net_peer(const char *address)
{
	peer.sin_port = htons(PORT);
	inet_aton(address, &peer.sin_addr);
}

static void set(int fd, unsigned long what, struct ifreq *request)
{
	if (ioctl(fd, what, request))
		die("interface");
}

void net_configure(const char *interface, const char *address)
{
	struct ifreq request = { 0 };
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd = new_socket();

	strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
	inet_aton(address, &addr.sin_addr);
	memcpy(&request.ifr_addr, &addr, sizeof(addr));
	set(fd, SIOCSIFADDR, &request);
	set(fd, SIOCGIFFLAGS, &request);
	request.ifr_flags |= IFF_UP | IFF_RUNNING;
	set(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static int connect_for(char what)
{
	int fd = new_socket();

	if (connect(fd, (struct sockaddr *)&peer, sizeof(peer)) ||
	    !send_all(fd, &what, 1))
		die("connect");
	return fd;
}

void net_ask(unsigned int ops)
{
	int fd = connect_for(ASK);
	char byte = 0;

	while (ops--)
		if (!send_all(fd, &byte, 1) || !receive_all(fd, &byte, 1))
			die("ask");
	close(fd);
}

/* Returns when the peer has received everything. */
void net_send(unsigned int ops)
{
	int fd = connect_for(SEND);
	char byte;

	while (ops--)
		if (!send_all(fd, block, sizeof(block)))
			die("send");
	shutdown(fd, SHUT_WR);
	if (!receive_all(fd, &byte, 1))
		die("send");
	close(fd);
}

void net_receive(unsigned int ops)
{
	int fd = connect_for(RECEIVE);

	while (ops--)
		if (!receive_all(fd, block, sizeof(block)))
			die("receive");
	close(fd);
}
