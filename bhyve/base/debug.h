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
 * The same as eprintln(), then exits with status 4 (error); inside of attempt()
 * it ends the attempt. At start-up and in an attempt only.
 */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);

/*
 * Calls @func(@arg) while the VM runs, in which die() must not end it: what die()s at
 * start-up has its error returned here. True: @func has returned true. False: it has
 * returned false or died, and @why is its last message; the caller undoes what @func
 * had done by then. @func holds no lock while it may die. One attempt at a time, on the
 * event thread.
 */
#define ATTEMPT_WHY 512
bool attempt(bool (*func)(void *arg), void *arg, char why[ATTEMPT_WHY]);

/* Sets the VM's name for messages; the string is kept, not copied. */
void debug_set_name(const char *name);

#endif /* BHYVE_DEBUG_H */
