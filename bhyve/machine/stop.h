/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the vCPUs are to stop, for devices that make a vCPU wait. */
#ifndef BHYVE_STOP_H
#define BHYVE_STOP_H

#include <stdbool.h>

/*
 * Called with true by the code that pauses, holds, resets or ends the vCPUs, and
 * with false before they run again. Any thread.
 */
void vcpus_tell_to_stop(bool stop);

/* If true, a device must at once let go a vCPU that waits in it. Any thread. */
bool vcpus_are_to_stop(void);

#endif /* BHYVE_STOP_H */
