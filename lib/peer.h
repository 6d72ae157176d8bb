/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the other bhyve of a migration is: "unix:PATH", "tcp:HOST:PORT" or "fd:N". bhyve
 * and bhyvectl are linked with this; it is no part of libvmmapi.
 */
#ifndef LIB_PEER_H
#define LIB_PEER_H

#include <stdbool.h>

struct peer {
	enum {
		PEER_UNIX,
		PEER_TCP,
		PEER_FD
	} kind;
	const char *path; /* of PEER_UNIX; points into the text */
	char host[256];	  /* of PEER_TCP; empty: "tcp:PORT" */
	char port[8];
	int fd;
};

/* Reads @text, which stays the caller's. False: it is no such place. */
bool peer_parse(const char *text, struct peer *peer);

/*
 * Connects to it, and gives a descriptor, which for PEER_FD is the one that was named. A
 * negative errno; -EADDRNOTAVAIL: there is no host or port of that name.
 */
int peer_connect(const struct peer *peer);

/*
 * Listens at a PEER_TCP, for one client; without a host, for this host's own alone. A
 * descriptor that does not block, or a negative errno as peer_connect()'s.
 */
int peer_listen_tcp(const struct peer *peer);

#endif /* LIB_PEER_H */
