/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The devices' part of a reset of the machine, for a VM that starts anew in
 * the same process (restart_on_reboot).
 */
#ifndef BHYVE_RESET_H
#define BHYVE_RESET_H

/* Forgets all devices. */
void init_reset(void);

/*
 * Has reset_devices() call @func(@arg), in the order of registration: a device
 * puts its registers back to what they were when the guest first ran, lowers
 * its lines and gives up what the guest lent it. At start-up.
 */
void register_reset(void (*func)(void *arg), void *arg);

/*
 * While no vCPU is in the guest, in a vCPU's thread: the event thread and the
 * devices' own go on, so that a device may wait for them.
 */
void reset_devices(void);

#endif /* BHYVE_RESET_H */
