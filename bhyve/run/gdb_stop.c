/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stops and resumes vCPUs for a debugger. A vCPU that hits a breakpoint is held
 * on its own thread, which notes the hit and wakes the event thread. The event
 * thread decides what happens, because it has the debugger's state. When one
 * vCPU stops, all do. Hits of the others are dropped: they will hit again when
 * they go on, since the instruction has not been executed.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/run/gdb_impl.h"
#include "bhyve/run/vmexit.h"

#define SIGINT_GDB  2
#define SIGTRAP_GDB 5

struct hit {
	bool met;
	bool watch;
	uint64_t gla;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct hit hits[VM_MAXCPU]; /* under lock */
static int hit_fd = -1;

static struct gdb_step steps[VM_MAXCPU];
static uint32_t stepping, running;
static bool attached;
static char reason[96];

/* On the vCPU's own thread; the vCPU is held already. */
static void note_hit(struct vcpu *vcpu, const struct vm_exit *e)
{
	uint64_t one = 1;

	pthread_mutex_lock(&lock);
	hits[vcpu_id(vcpu)] =
		(struct hit){ true, e->u.bpt.watch, e->u.bpt.gla };
	pthread_mutex_unlock(&lock);
	if (write(hit_fd, &one, sizeof(one)) < 0)
		eprintln("gdb: %s", strerror(errno));
}

static struct hit take_hit(unsigned int id)
{
	struct hit hit;

	pthread_mutex_lock(&lock);
	hit = hits[id];
	hits[id].met = false;
	pthread_mutex_unlock(&lock);
	return hit;
}

static void end_steps(struct gdb *gdb)
{
	for (unsigned int i = 0; i < gdb->ncpus; i++)
		if (stepping >> i & 1)
			gdb_arch_step_end(vm_get_vcpu(gdb->ctx, i), &steps[i]);
	stepping = 0;
}

/* Holds all vCPUs, so that the debugger may look at them. */
static void hold(struct gdb *gdb)
{
	if (!vcpus_hold(gdb->ctx))
		eprintln("gdb: a virtual CPU did not stop in time");
	running = 0;
	for (unsigned int i = 0; i < gdb->ncpus; i++)
		take_hit(i);
	end_steps(gdb);
	gdb_break_withdraw(gdb);
	gdb->stopped = true;
}

void gdb_stop_reply(struct gdb *gdb)
{
	gdb_out_begin(&gdb->out);
	gdb_out_text(&gdb->out, "%s", reason);
	gdb_out_end(&gdb->out);
}

static void set_reason(unsigned int sig, unsigned int cpu, const char *why)
{
	snprintf(reason, sizeof(reason), "T%02xthread:%x;%s", sig, cpu + 1,
		 why);
}

static void stop(struct gdb *gdb, unsigned int sig, unsigned int cpu,
		 const char *why)
{
	hold(gdb);
	gdb->cpu = cpu;
	set_reason(sig, cpu, why);
	gdb_stop_reply(gdb);
}

static void report(struct gdb *gdb, unsigned int cpu, const char *why)
{
	stop(gdb, SIGTRAP_GDB, cpu, why);
	gdb_send(gdb);
}

/*
 * The debugger may send Ctrl-C while our stop reply is on its way. If the stop
 * is one of its own, such as a breakpoint whose condition is false, it runs the
 * guest again and still waits for the answer to Ctrl-C (gdb's manual,
 * "Interrupts").
 */
void gdb_interrupt(struct gdb *gdb)
{
	if (gdb->stopped) {
		gdb->interrupted = true;
		return;
	}
	stop(gdb, SIGINT_GDB, gdb->cpu, "");
	gdb_send(gdb);
}

static bool take_interrupt(struct gdb *gdb)
{
	bool interrupted = gdb->interrupted;

	gdb->interrupted = false;
	return interrupted;
}

/* False: the debugger has set no such watchpoint. */
static bool report_watch(struct gdb *gdb, unsigned int cpu, uint64_t gla)
{
	uint64_t addr;
	const char *name = gdb_watch_at(gla, &addr);
	char why[40];

	if (!name)
		return false;
	snprintf(why, sizeof(why), "%s:%llx;", name, (unsigned long long)addr);
	report(gdb, cpu, why);
	return true;
}

static bool report_break(struct gdb *gdb, unsigned int cpu)
{
	static const char *const why[] = {
		[GDB_SOFTWARE] = "swbreak:;", [GDB_HARDWARE] = "hwbreak:;"
	};
	enum gdb_why kind =
		gdb_break_at(gdb_arch_pc(vm_get_vcpu(gdb->ctx, cpu)));

	if (stepping >> cpu & 1)
		report(gdb, cpu, "");
	else if (kind != GDB_NO_BREAK)
		report(gdb, cpu, gdb->says_why ? why[kind] : "");
	else
		return false;
	return true;
}

/* Goes on after a BKPT of the guest's own, or a breakpoint that was removed. */
static void go_on(struct gdb *gdb, unsigned int cpu)
{
	gdb_arch_reflect(vm_get_vcpu(gdb->ctx, cpu), gdb_fetch);
	vcpus_let_go(gdb->ctx, 1u << cpu);
}

static void look_at(struct gdb *gdb, unsigned int cpu)
{
	struct hit hit = take_hit(cpu);

	if (!hit.met || !(running >> cpu & 1))
		return;
	if (hit.watch ? !report_watch(gdb, cpu, hit.gla) :
			!report_break(gdb, cpu))
		go_on(gdb, cpu);
}

static void on_hit(int fd, enum ev_type type, void *arg)
{
	struct gdb *gdb = arg;
	uint64_t n;

	(void)type;
	if (read(fd, &n, sizeof(n)) < 0)
		return;
	for (unsigned int i = 0; i < gdb->ncpus; i++)
		look_at(gdb, i);
}

/*
 * Sets a vCPU's breakpoints and watchpoints. Returns whether its step is complete
 * without running it: an instruction that branches to itself changes nothing.
 */
static bool set_points(struct gdb *gdb, unsigned int cpu, bool step)
{
	struct vcpu *vcpu = vm_get_vcpu(gdb->ctx, cpu);
	struct vm_debug_args args = *gdb_break_points();

	if (step && !gdb_arch_step_begin(vcpu, &steps[cpu], &args, gdb_fetch)) {
		stepping |= 1u << cpu;
		memcpy(args.wp, gdb_break_points()->wp, sizeof(args.wp));
	}
	vm_set_debug(vcpu, &args);
	return step && steps[cpu].done_already;
}

void gdb_resume(struct gdb *gdb, const char actions[VM_MAXCPU])
{
	int done = -1;

	if (take_interrupt(gdb)) {
		stop(gdb, SIGINT_GDB, gdb->cpu, "");
		return;
	}
	gdb->stopped = false;
	gdb_break_insert(gdb);
	for (unsigned int i = 0; i < gdb->ncpus; i++) {
		if (!actions[i])
			continue;
		running |= 1u << i;
		if (set_points(gdb, i, actions[i] == 's'))
			done = i;
	}
	if (done >= 0)
		stop(gdb, SIGTRAP_GDB, done, "");
	else
		vcpus_let_go(gdb->ctx, running);
}

/* Sets all vCPUs' points; they are held. */
static int set_debug(struct gdb *gdb, uint32_t flags)
{
	const struct vm_debug_args args = { .flags = flags };
	int ret = 0;

	for (unsigned int i = 0; i < gdb->ncpus && !ret; i++)
		ret = vm_set_debug(vm_get_vcpu(gdb->ctx, i), &args);
	return ret;
}

void gdb_attach(struct gdb *gdb)
{
	attached = true;
	gdb->interrupted = false;
	hold(gdb);
	gdb->cpu = 0;
	set_reason(SIGTRAP_GDB, 0, "");
	if (set_debug(gdb, VM_DEBUG_F_ON) == -ENODEV)
		eprintln("gdb: this processor has no debug registers: there"
			 " are no breakpoints and no steps");
}

void gdb_detach(struct gdb *gdb)
{
	if (!attached)
		return;
	attached = false;
	if (!gdb->stopped)
		hold(gdb);
	gdb_break_clear();
	set_debug(gdb, 0);
	gdb->stopped = false;
	vcpus_let_go(gdb->ctx, ~0u);
}

int gdb_stop_init(struct gdb *gdb)
{
	hit_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (hit_fd < 0)
		return -errno;
	vcpus_on_breakpoint(note_hit);
	return mevent_add(hit_fd, EVF_READ, on_hit, gdb) ? 0 : -ENOMEM;
}
