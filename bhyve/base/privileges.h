/* SPDX-License-Identifier: BSD-2-Clause */
/* What the process need not have any more once everything is open. */
#ifndef BHYVE_PRIVILEGES_H
#define BHYVE_PRIVILEGES_H

/*
 * Notes which descriptors above stderr whoever started bhyve has left open: first
 * of all, before bhyve opens its own. close_inherited() closes them, when what
 * the configuration names by /dev/fd is open. At start-up.
 */
void note_inherited(void);
void close_inherited(void);

/*
 * Gives up all capabilities of the calling thread, also root's; threads it makes
 * have none either. Negative errno.
 */
int drop_capabilities(void);

#endif /* BHYVE_PRIVILEGES_H */
