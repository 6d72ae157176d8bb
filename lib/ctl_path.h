/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a bhyve listens for bhyvectl: DIRECTORY/NAME.sock.
 *
 * The protocol is one line each way and then the end: the request is one of
 * the words in bhyvectl(8)'s table of commands, the answer a JSON object, with
 * "error" in it where the request could not be met.
 */
#ifndef LIB_CTL_PATH_H
#define LIB_CTL_PATH_H

#include <stddef.h>

#define CTL_SUFFIX	".sock"

/*
 * The directory: /run/bhyvearm for root, $XDG_RUNTIME_DIR/bhyvearm for
 * others, /tmp/bhyvearm-UID where that is not set. -ENAMETOOLONG.
 */
int ctl_directory(char *buf, size_t len);

/* DIRECTORY/NAME.sock. -ENAMETOOLONG. */
int ctl_socket_path(const char *name, char *buf, size_t len);

#endif /* LIB_CTL_PATH_H */
