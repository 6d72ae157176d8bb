/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal that bhyve was started on, as a guest's serial line. It is in
 * raw mode while bhyve is in its foreground, and is restored when bhyve ends,
 * even if it is killed.
 */
#ifndef BHYVE_TTY_H
#define BHYVE_TTY_H

#include <stdbool.h>

/*
 * Remembers the terminal's settings and starts the helper process that restores
 * them if this one dies. Does nothing if stdin is no terminal. It forks, so it
 * comes before any thread and before /dev/vmm is opened. 0 or a negative errno.
 */
int tty_init(void);

/* Whether stdin is a terminal with this process in its foreground group. */
bool tty_foreground(void);

/* Sets raw mode, if in the foreground; to be called again after SIGCONT. */
void tty_set_raw(void);

/*
 * Restores the settings and ends the helper. May be called twice, and at exit.
 */
void tty_restore(void);

#endif /* BHYVE_TTY_H */
