/* SPDX-License-Identifier: BSD-2-Clause */
/* bhyve -r: the guest comes from a snapshot. */
#ifndef BHYVE_RESTORE_H
#define BHYVE_RESTORE_H

#include <stdbool.h>

/*
 * With the key "restore": opens that file, and takes from it the VM's name, its
 * number of CPUs and the size and place of its RAM, where the configuration does
 * not give them. At start-up, when the configuration is complete; on an error
 * prints it and exits.
 */
void restore_open(void);

/* Whether there is such a file. */
bool restore_wanted(void);

/*
 * Loads the whole machine from that file. To be called when everything is open and
 * the sandbox has been entered, before any vCPU runs. On an error prints it and
 * exits.
 */
void restore_machine(void);

#endif /* BHYVE_RESTORE_H */
