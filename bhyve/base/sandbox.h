/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bhyve can still do once the guest runs: a guest that takes bhyve over
 * must find little there. There is no way to start a program, to make a process
 * or a thread, to open a file or to map code; each kind of thread reaches the
 * kernel only through the calls that its work needs, and of those that do many
 * things only through the requests it needs. What else it calls kills the
 * process with SIGSYS, and the kernel's log says which call it was ("audit:
 * type=1326").
 */
#ifndef BHYVE_SANDBOX_H
#define BHYVE_SANDBOX_H

/* Kinds of thread. */
enum sandbox_kind {
	SANDBOX_EVENT, /* the first one: events, the control socket, the end */
	SANDBOX_VCPU,
	SANDBOX_DISK, /* a worker of a disk, or who waits for its ring */
	SANDBOX_NET,  /* user-mode networking */
	SANDBOX_KINDS
};

/*
 * Shuts the door behind the calling thread, for good. After everything is open,
 * before the first instruction of the guest. Negative errno.
 */
int sandbox_enter(enum sandbox_kind kind);

#endif /* BHYVE_SANDBOX_H */
