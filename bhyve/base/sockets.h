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

#endif /* BHYVE_SOCKETS_H */
