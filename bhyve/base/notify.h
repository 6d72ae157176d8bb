/* SPDX-License-Identifier: BSD-2-Clause */
/* What bhyve tells the service manager that has started it. */
#ifndef BHYVE_NOTIFY_H
#define BHYVE_NOTIFY_H

/*
 * Tells that the VM runs, to whom the environment's NOTIFY_SOCKET names
 * (sd_notify(3)). Nothing happens where nobody waits for that, or where nobody
 * listens. At start-up, before the sandbox.
 */
void notify_ready(void);

#endif /* BHYVE_NOTIFY_H */
