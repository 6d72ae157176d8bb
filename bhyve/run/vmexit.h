/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPUs: each has a thread that runs the guest and answers its exits until
 * the VM ends.
 */
#ifndef BHYVE_VMEXIT_H
#define BHYVE_VMEXIT_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/vmmapi.h"

/* Exit status; see bhyve(8). */
enum bhyve_status {
	BHYVE_REBOOT = 0,
	BHYVE_POWEROFF = 1,
	BHYVE_HALT = 2,
	BHYVE_FAULT = 3,
	BHYVE_ERROR = 4,
	BHYVE_SUSPENDED = 5,
};

/*
 * Makes the threads of vCPUs 0 to @ncpus - 1, pinned as -p says; they wait for
 * threads_release(). die()s if the host has no thread.
 */
void vcpus_init(struct vmctx *ctx, unsigned int ncpus);

/*
 * Ends the VM with @status, unless it has ended already: the event thread
 * returns to main(). Any thread.
 */
void end_vm(enum bhyve_status status);

/*
 * Lets vmm.ko end the VM, as if the guest had asked for @how; a paused VM is
 * resumed first. 0 or a negative errno. Event thread.
 */
int suspend_vm(struct vmctx *ctx, enum vm_suspend_how how);

/* The exit status with which the VM has ended. */
enum bhyve_status vm_status(void);

/*
 * vcpus_pause() stops all vCPUs between two instructions, and returns when all
 * have stopped (false: one did not in time); vcpus_resume() lets them run.
 * Event thread.
 */
bool vcpus_pause(struct vmctx *ctx);
void vcpus_resume(struct vmctx *ctx);
bool vcpus_paused(void);

/*
 * Asks all vCPUs to stop until it is called with @on false, and does not wait until
 * they have; independent of vcpus_pause() and vcpus_hold(). Event thread.
 */
void vcpus_throttle(struct vmctx *ctx, bool on);

/*
 * A debugger's hold on vCPUs, which is independent of vcpus_pause() and
 * vcpus_resume(). vcpus_hold() holds all and waits as vcpus_pause() does;
 * vcpus_hold_at_start() holds all before they first run; vcpus_let_go()
 * releases those whose bit in @mask is set. Event thread.
 */
bool vcpus_hold(struct vmctx *ctx);
void vcpus_hold_at_start(struct vmctx *ctx);
void vcpus_let_go(struct vmctx *ctx, uint32_t mask);

/*
 * Sets the function that is called, on the vCPU's thread, when a vCPU leaves
 * vm_run() with VM_EXITCODE_BPT; the vCPU is held then. Before threads_release().
 */
typedef void (*breakpoint_func_t)(struct vcpu *vcpu, const struct vm_exit *e);
void vcpus_on_breakpoint(breakpoint_func_t func);

/*
 * CPU time of the host that a vCPU's thread has used, in nanoseconds. Any
 * thread, after vcpus_init().
 */
uint64_t vcpu_cpu_time(unsigned int id);

/*
 * Whether a vCPU has executed WFI since the last call, while the vCPUs have
 * VM_CAP_HALT_EXIT. Any thread.
 */
bool vcpu_has_slept(unsigned int id);

/* Prints on stderr where the guest was at an exit that nothing can answer. */
void print_hyp_exit(struct vcpu *vcpu, const struct vm_exit *exit);

#endif /* BHYVE_VMEXIT_H */
