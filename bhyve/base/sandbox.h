/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sandbox: what bhyve can still do once the guest runs, in case a guest
 * takes control of bhyve. It can start no program, and so gain no privileges;
 * it can open no file; and it can use only the system calls that its devices
 * need.
 */
#ifndef BHYVE_SANDBOX_H
#define BHYVE_SANDBOX_H

/*
 * Allows user-mode networking to open sockets and to read the resolver's
 * configuration. At start-up, before sandbox_enter().
 */
void sandbox_allow_network(void);

/*
 * Applies the filter to all threads and to those they make. After everything is
 * open, before the guest's first instruction. 0 or a negative errno.
 */
int sandbox_enter(void);

#endif /* BHYVE_SANDBOX_H */
