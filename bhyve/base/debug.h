/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages on stderr. All messages use these functions, so that a terminal in
 * raw mode still shows whole lines.
 */
#ifndef BHYVE_DEBUG_H
#define BHYVE_DEBUG_H

#include <stdbool.h>

/* True while the console has the terminal in raw mode. */
extern bool raw_stdio;

/*
 * Prints one line on stderr, "bhyve: NAME: ..."; @fmt has no newline. Any
 * thread.
 */
void eprintln(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same, for whatever a guest can make happen again and again: at most
 * LIMIT_LINES (limit.h) in a period, then their number. Any thread.
 */
void guest_println(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same as eprintln(), and returns -EINVAL: for a function that cannot do what it was
 * asked for, and whose callers pass that on. Any thread.
 */
int refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The last line that this thread has printed, without "bhyve: NAME: ", or "". Valid until
 * it prints another one.
 */
const char *last_line(void);

/* The same as eprintln(), then exits as exit_with_error() does. */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);

/*
 * Exits with status 4 (error), after a message. At start-up; later only if a few bytes of
 * memory cannot be had.
 */
void __attribute__((noreturn)) exit_with_error(void);

/* Sets the VM's name for messages; the string is kept, not copied. */
void debug_set_name(const char *name);

#endif /* BHYVE_DEBUG_H */
