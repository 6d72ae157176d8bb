/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A helper process that connects to a UNIX socket again when its server has
 * ended, because the sandbox does not let bhyve itself connect to anything. The
 * process can do nothing else, knows only that one socket, and has neither
 * bhyve's memory nor its descriptors.
 */
#ifndef BHYVE_CONNECTOR_H
#define BHYVE_CONNECTOR_H

/*
 * Connects to the UNIX socket @path. Returns a descriptor, or a negative errno.
 * Calls on the descriptor that wait for the server fail with EAGAIN after
 * CONNECTION_TIMEOUT seconds. At start-up.
 */
#define CONNECTION_TIMEOUT 10
int connect_to(const char *path);

/*
 * Starts the process for @path. Returns a descriptor, or a negative errno. A byte
 * written to the descriptor asks for a new connection. The descriptor becomes
 * readable when there is a server again; then connector_take() takes the
 * connection. At start-up.
 */
int connector_start(const char *path);

/* The new connection; a negative errno: the process has ended. */
int connector_take(int connector);

#endif /* BHYVE_CONNECTOR_H */
