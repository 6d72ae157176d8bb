/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of the machine's devices. Every device has two functions here: one
 * resets it when the machine is reset (restart_on_reboot), and one saves its state
 * into a snapshot or loads it.
 */
#ifndef BHYVE_DEVICE_H
#define BHYVE_DEVICE_H

#include <stdint.h>
#include "bhyve/base/state.h"

struct device {
	/* name its section in a snapshot; see lib/snapshot.h */
	const char *tag;
	uint32_t instance;
	void (*reset)(void *arg);
	void (*state)(void *arg, struct state *s);
	void *arg;
};

/* Forgets all devices. */
void init_devices(void);

/*
 * Registers a device. At start-up. Both functions must be given: the compiler
 * refuses NULL. A device without state gives state_none().
 *
 * @reset puts the device's registers into their first state, lowers its lines,
 * and forgets buffers in guest memory. It runs on a vCPU's thread, with no vCPU in
 * the guest. Devices are reset in the order of registration.
 *
 * @state saves or loads the device (state.h). It runs on the event thread, with no
 * vCPU in the guest. The device's own threads may still be at work when it is
 * saved, and @state has to wait for them. If the device cannot be saved now, it
 * calls state_fail(). A device is loaded once, into a machine that has just been
 * made. The interrupt controller is loaded later, with the levels of all lines.
 */
void register_device(const char *tag, uint32_t instance,
		     void (*reset)(void *arg),
		     void (*state)(void *arg, struct state *s), void *arg)
	__attribute__((nonnull(1, 3, 4)));

/*
 * Forgets the devices that were registered with @arg. Event thread, with no vCPU in
 * the guest; as is register_device() after start-up.
 */
void unregister_device(const void *arg);

/*
 * Resets all devices. On a vCPU's thread, with no vCPU in the guest. The event
 * thread and the devices' own threads still run, so that a device may wait for
 * them.
 */
void reset_devices(void);

/* The device with number @n, in the order of registration; NULL: there are fewer. */
const struct device *nth_device(unsigned int n);

#endif /* BHYVE_DEVICE_H */
