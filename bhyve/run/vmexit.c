/* SPDX-License-Identifier: BSD-2-Clause */
/* The vCPUs' threads, and their exits. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "bhyve/arch.h"
#include "bhyve/boot/boot.h"
#include "bhyve/config/config.h"
#include "bhyve/base/debug.h"
#include "bhyve/run/exit_log.h"
#include "bhyve/machine/mem.h"
#include "bhyve/machine/stop.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/thread.h"
#include "bhyve/machine/device.h"
#include "bhyve/run/cpuset.h"
#include "bhyve/run/vmexit.h"

/* What the thread does after an exit. */
enum next {
	RUN_ON,
	STOP,
	RESTART
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned int nvcpus, nparked;
static bool paused, throttled, ended;
static uint32_t held; /* vCPUs that the debugger holds: bit n is vCPU n */
static bool restart_on_reboot;
/* How the user has ended the VM; VM_SUSPEND_NONE: not yet. */
static enum vm_suspend_how wanted_end = VM_SUSPEND_NONE;
static unsigned int nstopped, nrestarts;
static enum bhyve_status status = BHYVE_ERROR;
static clockid_t clocks[VM_MAXCPU];
static bool slept[VM_MAXCPU];

/* With the lock held. */
static void tell_vcpus(void)
{
	vcpus_tell_to_stop(paused || throttled || held || ended);
}

void end_vm(enum bhyve_status how)
{
	pthread_mutex_lock(&lock);
	if (!ended)
		status = how;
	ended = true;
	vcpus_tell_to_stop(true);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	mevent_stop();
}

enum bhyve_status vm_status(void)
{
	enum bhyve_status how;

	pthread_mutex_lock(&lock);
	how = status;
	pthread_mutex_unlock(&lock);
	return how;
}

static int emul_read(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval, int size,
		     void *arg)
{
	(void)arg;
	return read_mem(vcpu, gpa, rval, size);
}

static int emul_write(struct vcpu *vcpu, uint64_t gpa, uint64_t wval, int size,
		      void *arg)
{
	(void)arg;
	return write_mem(vcpu, gpa, wval, size);
}

static enum next exit_inst_emul(struct vcpu *vcpu, const struct vm_exit *e)
{
	int ret = vmm_emulate_instruction(vcpu, e->u.inst_emul.gpa,
					  &e->u.inst_emul.vie, emul_read,
					  emul_write, NULL);

	/* The bus has logged an access that nobody claims. */
	if (ret == -ENOSYS)
		guest_println("vCPU %u: instruction 0x%08x at 0x%" PRIx64 " on"
			      " device memory at 0x%" PRIx64
			      " cannot be emulated:"
			      " external abort in the guest",
			      vcpu_id(vcpu), e->u.inst_emul.vie.insn,
			      (uint64_t)e->pc, (uint64_t)e->u.inst_emul.gpa);
	return RUN_ON;
}

static enum next exit_suspended(struct vcpu *vcpu, const struct vm_exit *e)
{
	(void)vcpu;
	vcpus_tell_to_stop(true);
	switch (e->u.suspended.how) {
	case VM_SUSPEND_RESET:
		if (restart_on_reboot)
			return RESTART;
		end_vm(BHYVE_REBOOT);
		break;
	case VM_SUSPEND_POWEROFF:
		end_vm(BHYVE_POWEROFF);
		break;
	case VM_SUSPEND_HALT:
		end_vm(BHYVE_HALT);
		break;
	default:
		end_vm(BHYVE_ERROR);
	}
	return STOP;
}

static enum next exit_hyp(struct vcpu *vcpu, const struct vm_exit *e)
{
	print_hyp_exit(vcpu, e);
	end_vm(BHYVE_FAULT);
	return STOP;
}

/*
 * The vCPU was stopped by vcpus_pause() or its kin: its thread waits here
 * until it may run again.
 */
static enum next exit_debug(struct vcpu *vcpu, const struct vm_exit *e)
{
	const uint32_t self = 1u << vcpu_id(vcpu);

	(void)e;
	pthread_mutex_lock(&lock);
	nparked++;
	pthread_cond_broadcast(&changed);
	while ((paused || throttled || held & self) && !ended)
		pthread_cond_wait(&changed, &lock);
	nparked--;
	pthread_mutex_unlock(&lock);
	return RUN_ON;
}

static breakpoint_func_t on_breakpoint;

void vcpus_on_breakpoint(breakpoint_func_t func)
{
	on_breakpoint = func;
}

static enum next exit_bpt(struct vcpu *vcpu, const struct vm_exit *e)
{
	pthread_mutex_lock(&lock);
	held |= 1u << vcpu_id(vcpu);
	pthread_mutex_unlock(&lock);
	on_breakpoint(vcpu, e);
	return exit_debug(vcpu, e);
}

/*
 * WFI leaves VM_RUN only while boot_watch.c watches the guest. To the guest it
 * looks like a short sleep.
 */
static enum next exit_wfi(struct vcpu *vcpu, const struct vm_exit *e)
{
	const struct timespec while_asleep = { .tv_nsec = 1000000 };

	(void)e;
	__atomic_store_n(&slept[vcpu_id(vcpu)], true, __ATOMIC_RELAXED);
	nanosleep(&while_asleep, NULL);
	return RUN_ON;
}

bool vcpu_has_slept(unsigned int id)
{
	return __atomic_exchange_n(&slept[id], false, __ATOMIC_RELAXED);
}

static enum next exit_nothing(struct vcpu *vcpu, const struct vm_exit *e)
{
	(void)vcpu, (void)e;
	return RUN_ON;
}

typedef enum next (*exit_handler_t)(struct vcpu *, const struct vm_exit *);

/* vmm.ko does not return VM_EXITCODE_SMCCC, which has no handler. */
static const exit_handler_t handlers[VM_EXITCODE_MAX] = {
	[VM_EXITCODE_BOGUS] = exit_nothing,
	[VM_EXITCODE_INST_EMUL] = exit_inst_emul,
	[VM_EXITCODE_SUSPENDED] = exit_suspended,
	[VM_EXITCODE_HYP] = exit_hyp,
	[VM_EXITCODE_WFI] = exit_wfi,
	[VM_EXITCODE_DEBUG] = exit_debug,
	[VM_EXITCODE_BPT] = exit_bpt,
};

static enum next handle_exit(struct vcpu *vcpu)
{
	const struct vm_exit *e = &vcpu_run_page(vcpu)->exit;

	if (e->exitcode == VM_EXITCODE_INST_EMUL)
		exit_log_note(vcpu_id(vcpu), e);
	if (e->exitcode < VM_EXITCODE_MAX && handlers[e->exitcode])
		return handlers[e->exitcode](vcpu, e);
	eprintln("vCPU %u: vmm.ko gave exit %u, which this bhyve does not"
		 " know: use the two of one release",
		 vcpu_id(vcpu), e->exitcode);
	end_vm(BHYVE_ERROR);
	return STOP;
}

/*
 * vm_reinit() forgets every vm_suspend(), also one that the user has asked for while
 * the guest was rebooting.
 */
static int end_if_wanted(struct vmctx *ctx)
{
	enum vm_suspend_how how;

	pthread_mutex_lock(&lock);
	how = wanted_end;
	pthread_mutex_unlock(&lock);
	return how == VM_SUSPEND_NONE ? 0 : vm_suspend(ctx, how);
}

/* Puts the whole machine into its first state, except for the time. */
static void reset_machine(struct vmctx *ctx)
{
	int ret;

	/* Devices first: after that none of them writes to guest memory. */
	reset_devices();
	vm_clear_memory(ctx);
	ret = vm_reinit(ctx);
	if (!ret)
		ret = boot_again(ctx);
	if (!ret)
		ret = end_if_wanted(ctx);
	if (!ret)
		return;
	eprintln("vmm.ko does not reset the VM: %s", strerror(-ret));
	end_vm(BHYVE_ERROR);
}

/* The last vCPU to stop resets the machine for all of them. */
static enum next restart(struct vcpu *vcpu)
{
	unsigned int before;

	pthread_mutex_lock(&lock);
	before = nrestarts;
	if (++nstopped == nvcpus) {
		pthread_mutex_unlock(&lock);
		reset_machine(vcpu_ctx(vcpu));
		pthread_mutex_lock(&lock);
		nstopped = 0;
		nrestarts++;
		tell_vcpus();
		pthread_cond_broadcast(&changed);
	}
	while (nrestarts == before && !ended)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return RUN_ON;
}

static void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	enum next next = RUN_ON;
	int ret;

	while (next == RUN_ON) {
		ret = vm_run(vcpu);
		if (!ret)
			next = handle_exit(vcpu);
		else if (ret != -EINTR && ret != -EAGAIN)
			break;
		if (next == RESTART)
			next = restart(vcpu);
	}
	if (next == RUN_ON) {
		eprintln("vCPU %u cannot run: %s", vcpu_id(vcpu),
			 strerror(-ret));
		end_vm(BHYVE_ERROR);
	}
	return NULL;
}

/* -p: the host CPUs on which the thread may run. */
static void pin(pthread_t thread, unsigned int id)
{
	char key[32];
	const char *text;
	cpu_set_t set;

	snprintf(key, sizeof(key), "vcpu.%u.cpuset", id);
	text = get_config_value(key);
	if (!text)
		return;
	if (parse_cpuset(text, &set))
		die("%s=%s: give host CPUs as 0, 0-3 or 0-1,4", key, text);
	if (pthread_setaffinity_np(thread, sizeof(set), &set))
		die("%s=%s: this host has no such CPU", key, text);
}

static void make_thread(struct vmctx *ctx, unsigned int id)
{
	pthread_t thread;
	char name[16];

	snprintf(name, sizeof(name), "vcpu %u", id);
	if (start_thread(vcpu_thread, vm_get_vcpu(ctx, id), name, SANDBOX_VCPU,
			 "virtual CPUs", &thread))
		exit_with_error();
	pin(thread, id);
	pthread_getcpuclockid(thread, &clocks[id]);
}

uint64_t vcpu_cpu_time(unsigned int id)
{
	struct timespec used = { 0 };

	clock_gettime(clocks[id], &used);
	return used.tv_sec * UINT64_C(1000000000) + used.tv_nsec;
}

void vcpus_init(struct vmctx *ctx, unsigned int ncpus)
{
	nvcpus = ncpus;
	restart_on_reboot = get_config_bool_default("restart_on_reboot", false);
	for (unsigned int i = 0; i < ncpus; i++)
		make_thread(ctx, i);
}

static bool wait_parked(void)
{
	struct timespec until;
	bool all;
	int ret = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec +=
		5; /* on a busy host the vCPUs may take that long to stop */
	pthread_mutex_lock(&lock);
	while (!ended && nparked < nvcpus && ret != ETIMEDOUT)
		ret = pthread_cond_timedwait(&changed, &lock, &until);
	all = nparked == nvcpus;
	pthread_mutex_unlock(&lock);
	return all;
}

static void set_paused(bool val)
{
	pthread_mutex_lock(&lock);
	paused = val;
	tell_vcpus();
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

bool vcpus_pause(struct vmctx *ctx)
{
	set_paused(true);
	return vm_suspend_cpu(ctx, VM_MAXCPU) == 0 && wait_parked();
}

void vcpus_resume(struct vmctx *ctx)
{
	vm_resume_cpu(ctx, VM_MAXCPU);
	set_paused(false);
}

static void set_throttled(bool val)
{
	pthread_mutex_lock(&lock);
	throttled = val;
	tell_vcpus();
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void let_unheld_run(struct vmctx *ctx)
{
	uint32_t mask;

	pthread_mutex_lock(&lock);
	mask = held;
	pthread_mutex_unlock(&lock);
	for (unsigned int i = 0; i < nvcpus; i++)
		if (!(mask >> i & 1))
			vm_resume_cpu(ctx, i);
}

void vcpus_throttle(struct vmctx *ctx, bool on)
{
	if (on) {
		set_throttled(true);
		vm_suspend_cpu(ctx, VM_MAXCPU);
		return;
	}
	if (!vcpus_paused())
		let_unheld_run(ctx);
	set_throttled(false);
}

static void set_held(uint32_t mask, bool val)
{
	pthread_mutex_lock(&lock);
	held = val ? held | mask : held & ~mask;
	tell_vcpus();
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

void vcpus_hold_at_start(struct vmctx *ctx)
{
	set_held(~0u, true);
	vm_suspend_cpu(ctx, VM_MAXCPU);
}

bool vcpus_hold(struct vmctx *ctx)
{
	set_held(~0u, true);
	return vm_suspend_cpu(ctx, VM_MAXCPU) == 0 && wait_parked();
}

/* If the user has paused the VM, the vCPUs run only after vcpus_resume(). */
void vcpus_let_go(struct vmctx *ctx, uint32_t mask)
{
	for (unsigned int i = 0; i < nvcpus; i++)
		if (mask >> i & 1 && !vcpus_paused())
			vm_resume_cpu(ctx, i);
	set_held(mask, false);
}

bool vcpus_paused(void)
{
	bool val;

	pthread_mutex_lock(&lock);
	val = paused;
	pthread_mutex_unlock(&lock);
	return val;
}

int suspend_vm(struct vmctx *ctx, enum vm_suspend_how how)
{
	int ret;

	pthread_mutex_lock(&lock);
	if (how != VM_SUSPEND_RESET)
		wanted_end = how;
	pthread_mutex_unlock(&lock);
	ret = vm_suspend(ctx, how);

	if (vcpus_paused())
		vcpus_resume(ctx);
	/* After a reset the debugger sees the machine when it continues. */
	if (how != VM_SUSPEND_RESET)
		vcpus_let_go(ctx, ~0u);
	vcpus_tell_to_stop(true);
	return ret;
}
