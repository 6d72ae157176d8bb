/* SPDX-License-Identifier: BSD-2-Clause */
/* UNIX sockets that others connect to. */
#ifndef BHYVE_SOCKETS_H
#define BHYVE_SOCKETS_H

/*
 * Listens at @path, for this user alone; it is removed at exit. A stale socket
 * there is replaced; -EADDRINUSE where somebody answers on it; otherwise a
 * negative errno. Gives a non-blocking descriptor.
 */
int unix_listen(const char *path);

/*
 * Takes @name (the first 90 bytes or so count) among those of a @kind for as long
 * as this process lives, by an abstract socket, whose names belong to a network
 * namespace. 0; -EADDRINUSE: another process has it; -errno.
 */
int claim_name(const char *kind, const char *name);

#endif /* BHYVE_SOCKETS_H */
