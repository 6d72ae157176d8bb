/* SPDX-License-Identifier: BSD-2-Clause */
/* Giving up what the process no longer needs once everything is open. */
#ifndef BHYVE_PRIVILEGES_H
#define BHYVE_PRIVILEGES_H

/*
 * note_inherited() notes which descriptors above stderr bhyve has inherited; it
 * must be called first, before bhyve opens its own. close_inherited() closes
 * them, after the configuration's /dev/fd/N have been opened. At start-up.
 */
void note_inherited(void);
void close_inherited(void);

/*
 * Drops all capabilities of the calling thread, also root's; threads that it
 * makes later have none either. 0 or a negative errno.
 */
int drop_capabilities(void);

#endif /* BHYVE_PRIVILEGES_H */
