/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's end of a guest's serial line: the terminal that bhyve was started
 * on, a pseudo-terminal, or a UNIX socket. Nothing here blocks. Any thread may
 * call these functions, also with a device's lock held: callbacks come from the
 * event thread without a lock.
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
 * Opens the console that @spec names: "stdio"; "pty" or "pty:LINK" (LINK
 * becomes a symbolic link to it, removed at exit); "unix:PATH" (one client at a
 * time); "ctl" (the same for bhyvectl, which gets the last output first). Behind
 * that may come ",logfile=PATH", to which all output is appended, and
 * ",escape=^X", the key of a terminal that does not go to the guest, or
 * ",escape=none". 0, or a negative errno after printing the error. After
 * mevent_init().
 */
int console_open(const char *spec, struct console **consp);

/*
 * Keeps for a socket's next client the last output that came while there was none.
 * 0 or -ENOMEM. At start-up.
 */
int console_keep_backlog(struct console *cons);

/*
 * The terminal's size in characters; 0, 0: it has none, or none is known. @changed
 * is called on the event thread when it may have changed.
 */
void console_size(struct console *cons, uint16_t *cols, uint16_t *rows);
void console_listen_size(struct console *cons, console_func_t changed);

/*
 * Sets the callbacks: @readable when there is input, @writable when output is
 * taken again. Each is called only while it is wanted; at first neither is.
 */
void console_listen(struct console *cons, console_func_t readable,
		    console_func_t writable, void *arg);
void console_want_input(struct console *cons, bool want);
void console_want_output(struct console *cons, bool want);

/*
 * Whether the user's end is connected. Only a socket's comes and goes; @changed
 * is then called on the event thread. A client's leaving is reported before the
 * next client is let in.
 */
bool console_connected(struct console *cons);
void console_listen_connection(struct console *cons, console_func_t changed);

/* Reads up to @len bytes of input; 0: there is none now, or never again. */
size_t console_read(struct console *cons, uint8_t *buf, size_t len);

/*
 * Takes up to @len bytes of output, and returns how many. Output that nobody
 * can read (no client, terminal gone) is taken and dropped.
 */
size_t console_write(struct console *cons, const uint8_t *buf, size_t len);

/*
 * The same, but writes up to a millisecond later, together with what comes
 * until then: for guests that send a few bytes at a time, each of which would
 * wake the reader.
 */
size_t console_write_later(struct console *cons, const uint8_t *buf,
			   size_t len);

/*
 * Writes what is left. False: a console still has output that nobody takes now.
 */
bool console_flush(void);

/* Total number of bytes that the guest's devices have written and read. */
uint64_t console_output_count(void);

#endif /* BHYVE_CONSOLE_H */
