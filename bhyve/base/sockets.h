/* SPDX-License-Identifier: BSD-2-Clause */
/* Listening UNIX sockets. */
#ifndef BHYVE_SOCKETS_H
#define BHYVE_SOCKETS_H

/*
 * Listens at @path, for this user only; the socket is removed at exit. A stale
 * socket there is replaced. Returns a non-blocking descriptor or a negative
 * errno; -EADDRINUSE: a process answers on it.
 */
int unix_listen(const char *path);

/*
 * Claims @name (about its first 90 bytes) of this @kind until the process ends,
 * by an abstract socket, whose names belong to a network namespace. 0;
 * -EADDRINUSE: another process has claimed it; or another negative errno.
 */
int claim_name(const char *kind, const char *name);

/*
 * Accepts a client, whose descriptor is non-blocking; -1: there is none, or no
 * descriptor is left, and then it is turned away. Event thread.
 */
int accept_client(int listen_fd);

#endif /* BHYVE_SOCKETS_H */
