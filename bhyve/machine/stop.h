/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the vCPUs are to stop, for devices that have one wait. */
#ifndef BHYVE_STOP_H
#define BHYVE_STOP_H

#include <stdbool.h>

/* Any thread. Of who pauses, holds, resets or ends the vCPUs, and runs them again. */
void vcpus_tell_to_stop(bool stop);

/* Any thread: a device must then let its vCPU go at once. */
bool vcpus_are_to_stop(void);

#endif /* BHYVE_STOP_H */
