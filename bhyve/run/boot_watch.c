/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports where a silent guest is. All of this runs on the event thread. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <vmm/vmm_stat.h>
#include "bhyve/arch.h"
#include "bhyve/boot/boot.h"
#include "bhyve/run/boot_watch.h"
#include "bhyve/config/config.h"
#include "bhyve/console/console.h"
#include "bhyve/base/debug.h"
#include "bhyve/run/exit_log.h"
#include "bhyve/base/mevent.h"
#include "bhyve/run/vmexit.h"
#include "lib/vmmapi.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_MSEC UINT64_C(1000000)
/*
 * Longer than kernels take to their first output on the slowest known boards: a
 * zImage unpacks itself in silence, which takes a slow Cortex-A7 more than 10 s.
 */
#define DEFAULT_SECONDS 30
#define LOOK_NS		NSEC_PER_SEC
/*
 * How long the guest is watched for WFI, and how much CPU time a vCPU must have
 * used in that time to count as busy, even if the host is busy.
 */
#define SAMPLE_NS (500 * NSEC_PER_MSEC)
#define BUSY_NS	  (20 * NSEC_PER_MSEC)

static struct watch {
	struct vmctx *ctx;
	unsigned int ncpus;
	uint64_t limit_ns;
	struct mevent *timer;
	bool sampling;
	uint64_t looked_ns; /* CPU time used at the end of the last sample */
	/* CPU time of each vCPU when the sample began */
	uint64_t before_ns[VM_MAXCPU];
} watch;

static uint64_t cpu_time(const struct watch *w)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < w->ncpus; i++)
		sum += vcpu_cpu_time(i);
	return sum;
}

/* The vCPUs are stopped. */
static void set_halt_exit(const struct watch *w, bool on)
{
	for (unsigned int i = 0; i < w->ncpus; i++)
		vm_set_capability(vm_get_vcpu(w->ctx, i), VM_CAP_HALT_EXIT, on);
}

static void begin_sample(struct watch *w)
{
	for (unsigned int i = 0; i < w->ncpus; i++) {
		vcpu_has_slept(i);
		w->before_ns[i] = vcpu_cpu_time(i);
	}
	w->sampling = true;
}

#define STAT_NAME(id, text) [id] = text,
static const char *const stat_names[] = { VM_STATS_LIST(STAT_NAME) };

static void print_stats(struct vcpu *vcpu, FILE *out)
{
	uint64_t values[VM_STAT_MAX] = { 0 };
	const char *sep = "";
	int n = vm_get_stats(vcpu, values, VM_STAT_MAX);

	for (int i = 0; i < n && i < VM_STAT_MAX; i++) {
		if (!values[i])
			continue;
		fprintf(out, "%s%s %" PRIu64, sep, stat_names[i], values[i]);
		sep = ", ";
	}
}

/* Prints one line on stderr; @func writes the end of it. */
static void say(const char *head, struct vcpu *vcpu,
		void (*func)(struct vcpu *vcpu, FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	func(vcpu, out);
	fclose(out);
	eprintln("  vCPU %u%s%s", vcpu_id(vcpu), head, text);
	free(text);
}

static void print_exits(struct vcpu *vcpu, FILE *out)
{
	exit_log_describe(vcpu_id(vcpu), out);
}

static bool is_busy(const struct watch *w, unsigned int id)
{
	return !vcpu_has_slept(id) &&
	       vcpu_cpu_time(id) - w->before_ns[id] >= BUSY_NS;
}

static void report(const struct watch *w, const bool *busy)
{
	eprintln("the guest has used %" PRIu64 " seconds of CPU and no console"
		 " has seen a character; %s",
		 cpu_time(w) / NSEC_PER_SEC, boot_description());
	for (unsigned int i = 0; i < w->ncpus; i++) {
		struct vcpu *vcpu = vm_get_vcpu(w->ctx, i);

		if (!busy[i])
			continue;
		say(": ", vcpu, arch_describe);
		say("'s last exits to bhyve: ", vcpu, print_exits);
		say(" in vmm.ko: ", vcpu, print_stats);
	}
	eprintln("  Linux speaks sooner with earlycon in fdt.bootargs;"
		 " boot.watch=SECONDS sets when this is said (0: never)");
}

/* True: the guest is busy and silent, and that was reported. */
static bool end_sample(struct watch *w)
{
	bool busy[VM_MAXCPU], any = false;

	w->sampling = false;
	w->looked_ns = cpu_time(w);
	for (unsigned int i = 0; i < w->ncpus; i++) {
		busy[i] = is_busy(w, i);
		any |= busy[i];
	}
	any &= !console_output_count();
	if (any)
		report(w, busy);
	return any;
}

/*
 * Starts a sample. The vCPUs are stopped for a moment when it begins and when
 * it ends. While the user has them stopped, there is no sample.
 */
static bool look_closer(struct watch *w)
{
	bool done = false;

	if (vcpus_pause(w->ctx)) {
		set_halt_exit(w, !w->sampling);
		if (w->sampling)
			done = end_sample(w);
		else
			begin_sample(w);
	}
	vcpus_resume(w->ctx);
	return done;
}

static void on_timer(int fd, enum ev_type type, void *arg)
{
	struct watch *w = arg;

	(void)fd, (void)type;
	if (console_output_count() && !w->sampling)
		return;
	if (!vcpus_paused() &&
	    (w->sampling || cpu_time(w) - w->looked_ns >= w->limit_ns) &&
	    look_closer(w))
		return;
	mevent_timer(w->timer, w->sampling ? SAMPLE_NS : LOOK_NS);
}

int boot_watch_init(struct vmctx *ctx, unsigned int ncpus)
{
	uint64_t seconds = DEFAULT_SECONDS;

	if (get_config_u64("boot.watch", &seconds) == -EINVAL ||
	    seconds > 1000000)
		die("boot.watch=%s: give seconds, 0 for never",
		    get_config_value("boot.watch"));
	if (!seconds)
		return 0;
	watch = (struct watch){ .ctx = ctx,
				.ncpus = ncpus,
				.limit_ns = seconds * NSEC_PER_SEC };
	watch.timer = mevent_timer_add(on_timer, &watch);
	if (!watch.timer)
		return -ENOMEM;
	return mevent_timer(watch.timer, LOOK_NS);
}
