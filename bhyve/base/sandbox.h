/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bhyve can still do once the guest runs: a guest that takes bhyve over
 * must find little there. There is no way to start a program, to make a process
 * or a thread, to open a file or to map code. Each kind of thread may make only
 * the system calls that its work needs, and calls that do many things, such as
 * ioctl(), only with the requests that it needs. Any other call kills the
 * process with SIGSYS, and the kernel's log says which call it was ("audit:
 * type=1326").
 */
#ifndef BHYVE_SANDBOX_H
#define BHYVE_SANDBOX_H

/* Kinds of thread. */
enum sandbox_kind {
	SANDBOX_EVENT, /* the first one: events, control socket, bhyve's exit */
	SANDBOX_VCPU,
	SANDBOX_DISK, /* a disk's worker, or its thread that waits for io_uring */
	SANDBOX_NET,	   /* user-mode networking */
	SANDBOX_CONNECTOR, /* connects to a UNIX socket (connector.h) */
	SANDBOX_MAKER,	   /* makes threads of disks (thread.h) */
	SANDBOX_KINDS
};

/*
 * Confines the calling thread as described above; this cannot be undone. To be
 * called when everything is open, before the first instruction of the guest. 0
 * or a negative errno.
 */
int sandbox_enter(enum sandbox_kind kind);

#endif /* BHYVE_SANDBOX_H */
