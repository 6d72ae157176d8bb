/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The devices' part in a reset of the machine, for a VM that starts again in
 * the same process (restart_on_reboot).
 */
#ifndef BHYVE_RESET_H
#define BHYVE_RESET_H

/* Forgets all functions. */
void init_reset(void);

/*
 * Registers a function for reset_devices(), which calls them in the order of
 * registration. It puts the device's registers into their first state, lowers
 * its lines, and gives up guest memory. At start-up.
 */
void register_reset(void (*func)(void *arg), void *arg);

/*
 * Resets all devices. On a vCPU's thread, with no vCPU in the guest. The event
 * thread and the devices' own threads still run, so that a device may wait for
 * them.
 */
void reset_devices(void);

#endif /* BHYVE_RESET_H */
