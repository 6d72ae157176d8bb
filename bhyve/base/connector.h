/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that connects to a UNIX socket again when its server has gone: the sandbox
 * lets bhyve itself connect to nothing. It can do that alone, to that one socket, and
 * has neither bhyve's memory nor its descriptors.
 */
#ifndef BHYVE_CONNECTOR_H
#define BHYVE_CONNECTOR_H

/*
 * Connects to @path. Its calls that wait for the server fail with EAGAIN after
 * CONNECTION_TIMEOUT seconds. A descriptor or a negative errno. At start-up.
 */
#define CONNECTION_TIMEOUT 10
int connect_to(const char *path);

/*
 * Starts the process for @path. Returns a descriptor: a byte written to it asks for a
 * new connection, and connector_take() takes that when it is readable, which is when
 * there is a server again. Negative errno. At start-up.
 */
int connector_start(const char *path);

/* The new connection; a negative errno: the process has ended. */
int connector_take(int connector);

#endif /* BHYVE_CONNECTOR_H */
