/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bhyve can still do once the guest runs: a guest that takes bhyve over
 * must find little there. It gains no privileges by any program (there is no
 * way to start one), opens no file, and reaches the kernel only through the
 * calls that devices need.
 */
#ifndef BHYVE_SANDBOX_H
#define BHYVE_SANDBOX_H

/*
 * For user-mode networking, which opens sockets and reads the resolver's
 * configuration all the time. At start-up, before sandbox_enter().
 */
void sandbox_allow_network(void);

/*
 * Shuts the door behind all threads, and those they make. After everything
 * is open, before the first instruction of the guest. Negative errno.
 */
int sandbox_enter(void);

#endif /* BHYVE_SANDBOX_H */
