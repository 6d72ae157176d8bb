/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPUs: a thread each, which runs the guest and answers its exits until
 * the VM ends.
 */
#ifndef BHYVE_VMEXIT_H
#define BHYVE_VMEXIT_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/vmmapi.h"

/* bhyve(8)'s exit status. */
enum bhyve_status {
	BHYVE_REBOOT = 0,
	BHYVE_POWEROFF = 1,
	BHYVE_HALT = 2,
	BHYVE_FAULT = 3,
	BHYVE_ERROR = 4,
};

/*
 * Makes the threads of vCPUs 0 to @ncpus - 1, pinned as -p says; they wait for
 * vcpus_start(). Negative errno.
 */
int vcpus_init(struct vmctx *ctx, unsigned int ncpus);
void vcpus_start(void);

/*
 * Ends the VM with @status, if nothing has ended it before: the event thread
 * returns to main(). Any thread.
 */
void end_vm(enum bhyve_status status);

/*
 * Has vmm.ko end the VM, as if the guest had asked for @how; a VM that is
 * paused first goes on. Negative errno. Event thread.
 */
int suspend_vm(struct vmctx *ctx, enum vm_suspend_how how);

/* What ended it. */
enum bhyve_status vm_status(void);

/*
 * Stops all vCPUs between two instructions, and returns when each of them has
 * (false: one did not in time); or lets them go on. Event thread.
 */
bool vcpus_pause(struct vmctx *ctx);
void vcpus_resume(struct vmctx *ctx);
bool vcpus_paused(void);

/*
 * A debugger's hold of vCPUs, which lasts whatever vcpus_pause() and
 * vcpus_resume() do: of all, as vcpus_pause(); of all before they first run;
 * and the end of it for those whose bit in @mask is set. Event thread.
 */
bool vcpus_hold(struct vmctx *ctx);
void vcpus_hold_at_start(struct vmctx *ctx);
void vcpus_let_go(struct vmctx *ctx, uint32_t mask);

/*
 * Has a vCPU that leaves vm_run() with VM_EXITCODE_BPT, which is held then, call
 * @func in its own thread. Before vcpus_start().
 */
typedef void (*breakpoint_func_t)(struct vcpu *vcpu, const struct vm_exit *e);
void vcpus_on_breakpoint(breakpoint_func_t func);

/* The host CPU time that a vCPU's thread has used, in nanoseconds. Any thread,
 * after vcpus_start(). */
uint64_t vcpu_cpu_time(unsigned int id);

/* Whether a vCPU has executed WFI since it was last asked; while the vCPUs have
 * VM_CAP_HALT_EXIT. Any thread. */
bool vcpu_has_slept(unsigned int id);

/* Says on stderr where the guest was when nothing could answer its exit. */
void print_hyp_exit(struct vcpu *vcpu, const struct vm_exit *exit);

#endif /* BHYVE_VMEXIT_H */
