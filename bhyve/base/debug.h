/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages to whoever started bhyve. All of them go through here, so that a
 * terminal in raw mode still gets whole lines.
 */
#ifndef BHYVE_DEBUG_H
#define BHYVE_DEBUG_H

#include <stdbool.h>

/* Set while the console holds the terminal in raw mode. */
extern bool raw_stdio;

/* One line on stderr, "bhyve: NAME: ..."; @fmt without a newline. */
void eprintln(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, then exit with status 4 (error). At start-up only. */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);

/* The VM's name for the messages; kept, not copied. */
void debug_set_name(const char *name);

#endif /* BHYVE_DEBUG_H */
