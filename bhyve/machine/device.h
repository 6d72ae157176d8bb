/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of every device of the machine, besides its registers: to go back
 * to its first state when the machine is reset (restart_on_reboot), and to give
 * its state to a snapshot or to take it from one.
 */
#ifndef BHYVE_DEVICE_H
#define BHYVE_DEVICE_H

#include <stdint.h>
#include "bhyve/base/state.h"

struct device {
	/* of its section in a snapshot; see lib/snapshot.h */
	const char *tag;
	uint32_t instance;
	void (*reset)(void *arg);
	void (*state)(void *arg, struct state *s);
	void *arg;
};

/* Forgets all devices. */
void init_devices(void);

/*
 * Registers a device. At start-up. No device can leave one of its two functions
 * out: the compiler refuses NULL. (state_none() is for one without state.)
 *
 * @reset puts the device's registers into their first state, lowers its lines,
 * and gives up guest memory: on a vCPU's thread, with no vCPU in the guest.
 * Devices are reset in the order of registration.
 *
 * @state saves or loads it: on the event thread, with no vCPU in the guest. Its
 * threads may still be at work when it is saved, and it has to wait for them. A
 * device that cannot be saved now says so by state_fail(). It is loaded once, into
 * a machine that has just been made, before the interrupt controller is: a level
 * that it drives is set there in any case.
 */
void register_device(const char *tag, uint32_t instance,
		     void (*reset)(void *arg),
		     void (*state)(void *arg, struct state *s), void *arg)
	__attribute__((nonnull(1, 3, 4)));

/*
 * Resets all devices. On a vCPU's thread, with no vCPU in the guest. The event
 * thread and the devices' own threads still run, so that a device may wait for
 * them.
 */
void reset_devices(void);

/* The device with number @n, in the order of registration; NULL: there are fewer. */
const struct device *nth_device(unsigned int n);

#endif /* BHYVE_DEVICE_H */
