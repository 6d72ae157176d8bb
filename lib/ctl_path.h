/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyve's control socket: DIRECTORY/NAME.sock, where bhyvectl finds it.
 *
 * A connection carries one line each way, and is then closed. The request is a
 * command of bhyvectl(8), and some commands have an argument behind a blank. The
 * answer is a JSON object, which has a member "error" if the request failed.
 */
#ifndef LIB_CTL_PATH_H
#define LIB_CTL_PATH_H

#include <stddef.h>

#define CTL_SUFFIX ".sock"

#define CTL_LINE_MAX 1024 /* longest request, with its newline and a NUL */

/*
 * Writes the directory to @buf, which has @len bytes: /run/bhyvearm for root,
 * $XDG_RUNTIME_DIR/bhyvearm for others, /tmp/bhyvearm-UID if that is not set.
 * -ENAMETOOLONG: @buf is too small.
 */
int ctl_directory(char *buf, size_t len);

/* Writes DIRECTORY/NAME.sock to @buf. -ENAMETOOLONG: it does not fit. */
int ctl_socket_path(const char *name, char *buf, size_t len);

/*
 * Writes DIRECTORY/NAME.console to @buf: the socket of the guest's console, if
 * that is "ctl". -ENAMETOOLONG: it does not fit.
 */
int ctl_console_path(const char *name, char *buf, size_t len);

#endif /* LIB_CTL_PATH_H */
