/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's end of a guest's serial line: the terminal bhyve was started on,
 * a pseudo-terminal, or a UNIX socket. Nothing here blocks. Any thread may
 * call; a device may hold its own lock while it does, since callbacks come
 * from the event thread with no lock held.
 */
#ifndef BHYVE_CONSOLE_H
#define BHYVE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct console;

typedef void (*console_func_t)(void *arg);

/*
 * Opens what @spec names: "stdio", "pty" or "pty:LINK" (a symbolic link to
 * its name, removed at exit), "unix:PATH" (one client at a time). Says what is
 * wrong and returns a negative errno. After mevent_init().
 */
int console_open(const char *spec, struct console **consp);

/*
 * Who is told: @readable when there is input and it is wanted, @writable when
 * output is taken again and that is wanted. Nothing is wanted at first.
 */
void console_listen(struct console *cons, console_func_t readable,
		    console_func_t writable, void *arg);
void console_want_input(struct console *cons, bool want);
void console_want_output(struct console *cons, bool want);

/*
 * Is the user's end there? Only a socket's comes and goes: @changed is then
 * called, on the event thread; a client's going is told before the next one is
 * let in.
 */
bool console_connected(struct console *cons);
void console_listen_connection(struct console *cons, console_func_t changed);

/* Up to @len typed bytes; 0: none now, or none ever again. */
size_t console_read(struct console *cons, uint8_t *buf, size_t len);

/*
 * Takes up to @len bytes for output and returns how many. What nobody is
 * there to read (no client, terminal gone) is taken and dropped.
 */
size_t console_write(struct console *cons, const uint8_t *buf, size_t len);

/*
 * As console_write(), but up to a millisecond later, together with what else
 * comes until then: for a guest's few bytes at a time, each of which would wake
 * the reader.
 */
size_t console_write_later(struct console *cons, const uint8_t *buf,
			   size_t len);

/* False: a console has output that is still to be written, and that nobody
 * takes just now. */
bool console_flush(void);

/* Bytes written and read since the start, by the guest's devices. */
uint64_t console_output_count(void);

#endif /* BHYVE_CONSOLE_H */
