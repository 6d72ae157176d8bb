/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyve -R: the guest comes from another bhyve; docs/migration.md. */
#ifndef BHYVE_RECEIVE_H
#define BHYVE_RECEIVE_H

#include <stdbool.h>

/*
 * With the key "receive": listens where it says. At start-up, when the configuration
 * is complete; on an error prints it and exits.
 */
void receive_open(void);

/* Whether a guest is to come, and has not yet. */
bool receive_is_waiting(void);

/*
 * Waits for the other bhyve and loads all of the machine from it; meanwhile the event
 * thread does its work. When everything is open and the sandbox has been entered,
 * before any vCPU runs; unless the guest has come, exits.
 */
void receive_machine(void);

#endif /* BHYVE_RECEIVE_H */
