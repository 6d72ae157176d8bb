/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal bhyve was started on, as a guest's serial line: raw while
 * bhyve runs in its foreground, and as it was before as soon as bhyve is gone,
 * however it went.
 */
#ifndef BHYVE_TTY_H
#define BHYVE_TTY_H

#include <stdbool.h>

/*
 * Remembers the terminal's settings and starts the guardian: a process that
 * puts them back when this one dies without having done so. Nothing happens
 * where stdin is no terminal. Before any thread and before /dev/vmm is opened,
 * because it forks. Negative errno.
 */
int tty_init(void);

/* stdin is a terminal, and this process is in its foreground group. */
bool tty_foreground(void);

/* Raw mode, if in the foreground; again after SIGCONT. */
void tty_set_raw(void);

/* As it was; dismisses the guardian. Safe to call twice, and at exit. */
void tty_restore(void);

#endif /* BHYVE_TTY_H */
