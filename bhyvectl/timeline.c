/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a timeline of trace events, in the JSON that Perfetto reads. The track
 * of a vCPU shows when it is in the guest, and otherwise which class of exit is
 * being answered; within an exit it shows when the vCPU waits for an interrupt
 * and when bhyve works. Another track shows the interrupts, and one for each of
 * bhyve's threads when the thread has a CPU.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <vmm/vmm.h>
#include "bhyvectl/exit_class.h"
#include "bhyvectl/timeline.h"

/* The "processes" and "threads" of the JSON. */
enum {
	VCPUS = 1,
	THREADS
};
#define INTERRUPTS (VM_MAXCPU + 1) /* vCPU n is thread n + 1 */

#define MAXTHREADS 256
#define MAXCLASSES 16
#define COMM	   16 /* columns of the name that a line begins with */

struct record {
	uint64_t us;
	char event[24];
	const char *fields;
};

/* When each state began, in microseconds; 0: the vCPU is not in that state. */
struct track {
	uint64_t in_guest, out, waits, in_bhyve;
	char doing[48];
	const char *class;
};

struct thread {
	int tid;
	uint64_t running;
};

static FILE *json;
static int process;
static struct track tracks[VM_MAXCPU];
static struct thread threads[MAXTHREADS];
static struct {
	const char *name;
	uint64_t n, us;
} classes[MAXCLASSES];
static uint64_t counts[VM_STAT_MAX];
static uint64_t lost;

static void put_name(const char *what, int pid, int tid, const char *name)
{
	fprintf(json,
		"{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%d,\"tid\":%d,"
		"\"args\":{\"name\":\"%s\"}},\n",
		what, pid, tid, name);
}

static void put_slice(int pid, int tid, const char *name, uint64_t from,
		      uint64_t to)
{
	fprintf(json,
		"{\"ph\":\"X\",\"name\":\"%s\",\"pid\":%d,\"tid\":%d,"
		"\"ts\":%llu,\"dur\":%llu},\n",
		name, pid, tid, (unsigned long long)from,
		(unsigned long long)(to - from));
}

static void put_instant(int tid, const char *name, uint64_t at)
{
	fprintf(json,
		"{\"ph\":\"i\",\"s\":\"t\",\"name\":\"%s\",\"pid\":%d,"
		"\"tid\":%d,\"ts\":%llu},\n",
		name, VCPUS, tid, (unsigned long long)at);
}

void timeline_begin(FILE *out, const char *name, int pid)
{
	char text[96];

	json = out;
	process = pid;
	fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n", json);
	/* A VM's name has no character that JSON would have to escape. */
	snprintf(text, sizeof(text), "%s: virtual CPUs", name);
	put_name("process_name", VCPUS, 0, text);
	snprintf(text, sizeof(text), "%s: threads of bhyve %d", name, pid);
	put_name("process_name", THREADS, 0, text);
	put_name("thread_name", VCPUS, INTERRUPTS, "interrupts");
}

void timeline_end(void)
{
	fprintf(json,
		"{\"ph\":\"M\",\"name\":\"process_sort_index\",\"pid\":%d,"
		"\"args\":{\"sort_index\":0}}\n]}\n",
		VCPUS);
}

/* The value of "key=" in a vmm event's fields; 0 without it. */
static uint64_t field(const struct record *r, const char *key)
{
	size_t len = strlen(key);
	const char *at = r->fields;

	while ((at = strstr(at, key))) {
		if (at[-1] == ' ' && at[len] == '=')
			return strtoull(at + len + 1, NULL, 0);
		at += len;
	}
	return 0;
}

static void account(const char *name, uint64_t us)
{
	unsigned int i = 0;

	while (i < MAXCLASSES && classes[i].name &&
	       strcmp(classes[i].name, name))
		i++;
	if (i == MAXCLASSES)
		return;
	classes[i].name = name;
	classes[i].n++;
	classes[i].us += us;
}

static void on_entry(struct track *t, int tid, const struct record *r)
{
	counts[VM_STAT_ENTRIES]++;
	if (t->in_bhyve)
		put_slice(VCPUS, tid, "bhyve", t->in_bhyve, r->us);
	if (t->out) {
		put_slice(VCPUS, tid, t->doing, t->out, r->us);
		account(t->class, r->us - t->out);
	}
	t->in_bhyve = t->out = 0;
	t->in_guest = r->us;
}

static void set_class(struct track *t, const char *class, const char *doing)
{
	t->class = class;
	snprintf(t->doing, sizeof(t->doing), "%s", doing);
}

static void on_trap(struct track *t, uint32_t syndrome)
{
	const struct exit_class *class = exit_class(syndrome);

	if (class->stat >= 0)
		counts[class->stat]++;
	set_class(t, class->name, class->name);
}

static const struct {
	const char *text, *name;
	int stat;
} other_exits[] = {
	{ "exit=irq ", "host interrupt", VM_STAT_IRQ },
	{ "exit=timer ", "timer", VM_STAT_TIMER },
	{ "exit=kick ", "GIC distributor", -1 },
	{ "exit=posted ", "posted device memory", -1 },
	{ "exit=fault ", "fault of HYP", -1 },
};

static void on_exit_(struct track *t, int tid, const struct record *r)
{
	if (t->in_guest)
		put_slice(VCPUS, tid, "guest", t->in_guest, r->us);
	t->in_guest = 0;
	t->out = r->us;
	for (unsigned int i = 0;
	     i < sizeof(other_exits) / sizeof(other_exits[0]); i++) {
		if (!strstr(r->fields, other_exits[i].text))
			continue;
		if (other_exits[i].stat >= 0)
			counts[other_exits[i].stat]++;
		set_class(t, other_exits[i].name, other_exits[i].name);
		return;
	}
	on_trap(t, field(r, "hsr"));
}

static void on_mmio(struct track *t, int tid, const struct record *r)
{
	char text[48];

	(void)tid;
	counts[VM_STAT_MMIO]++;
	snprintf(text, sizeof(text), "%s 0x%llx",
		 strstr(r->fields, " store ") ? "store" : "load",
		 (unsigned long long)field(r, "gpa"));
	set_class(t, "MMIO to user space", text);
}

static void on_user(struct track *t, int tid, const struct record *r)
{
	(void)tid;
	counts[VM_STAT_USER]++;
	t->in_bhyve = r->us;
}

static void on_block(struct track *t, int tid, const struct record *r)
{
	(void)tid;
	counts[VM_STAT_BLOCKED]++;
	t->waits = r->us;
}

static void on_unblock(struct track *t, int tid, const struct record *r)
{
	if (t->waits)
		put_slice(VCPUS, tid, "waits", t->waits, r->us);
	t->waits = 0;
}

static void on_kick(struct track *t, int tid, const struct record *r)
{
	(void)t;
	put_instant(tid, "kick", r->us);
}

static const struct {
	const char *name;
	void (*func)(struct track *t, int tid, const struct record *r);
} events[] = {
	{ "vmm_entry", on_entry }, { "vmm_exit", on_exit_ },
	{ "vmm_mmio", on_mmio },   { "vmm_user", on_user },
	{ "vmm_block", on_block }, { "vmm_unblock", on_unblock },
	{ "vmm_kick", on_kick },
};

static void on_inject(const struct record *r)
{
	char text[32];

	snprintf(text, sizeof(text), "INTID %u %s",
		 (unsigned int)field(r, "intid"),
		 field(r, "level") ? "up" : "down");
	put_instant(INTERRUPTS, text, r->us);
}

static void on_vmm(const struct record *r)
{
	uint64_t id = field(r, "vcpu");

	if (field(r, "vm") != (uint64_t)process)
		return;
	if (!strcmp(r->event, "vmm_inject"))
		on_inject(r);
	for (unsigned int i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (id < VM_MAXCPU && !strcmp(r->event, events[i].name))
			events[i].func(&tracks[id], id + 1, r);
}

/* Finds the thread's record, or makes it if @tid is one of bhyve's; else NULL. */
static struct thread *find_thread(int tid)
{
	char path[64], comm[COMM + 1] = "", text[32];
	unsigned int i = 0;
	FILE *file;

	while (i < MAXTHREADS && threads[i].tid && threads[i].tid != tid)
		i++;
	if (i == MAXTHREADS || threads[i].tid == tid)
		return i == MAXTHREADS ? NULL : &threads[i];
	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", process, tid);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	if (fscanf(file, "%16[-a-z0-9 ]", comm) == 1) {
		snprintf(text, sizeof(text), "%s", comm);
		put_name("thread_name", THREADS, tid, text);
	}
	fclose(file);
	threads[i].tid = tid;
	return &threads[i];
}

/*
 * The number behind the last @key: the name of a thread, which comes before it,
 * may contain any text.
 */
static int last_number(const char *in, const char *key)
{
	const char *at = NULL;

	while ((in = strstr(in, key)))
		at = in += strlen(key);
	return at ? atoi(at) : 0;
}

static void on_switch(const struct record *r)
{
	struct thread *from = find_thread(last_number(r->fields, " prev_pid="));
	struct thread *to = find_thread(last_number(r->fields, " next_pid="));

	if (from && from->running) {
		put_slice(THREADS, from->tid, "runs", from->running, r->us);
		from->running = 0;
	}
	if (to)
		to->running = r->us;
}

/* "            name-PID   [CPU] flags seconds.micros: event: fields" */
static bool parse(const char *line, struct record *r)
{
	unsigned long long s, us;
	int at = 0;

	if (strlen(line) <= COMM || line[COMM] != '-')
		return false;
	if (sscanf(line + COMM, "-%*d [%*d] %*s %llu.%6llu: %23[a-z_]:%n", &s,
		   &us, r->event, &at) != 3 ||
	    !at)
		return false;
	r->us = s * 1000000 + us;
	r->fields = line + COMM + at;
	return true;
}

void timeline_line(const char *line)
{
	struct record r;
	unsigned long long n;

	if (sscanf(line, "CPU:%*d [LOST %llu EVENTS]", &n) == 1)
		lost += n;
	else if (!parse(line, &r))
		return;
	else if (!strcmp(r.event, "sched_switch"))
		on_switch(&r);
	else
		on_vmm(&r);
}

int64_t timeline_count(enum vm_stat stat)
{
	static const enum vm_stat seen[] = {
		VM_STAT_ENTRIES, VM_STAT_IRQ,	  VM_STAT_TIMER, VM_STAT_WFI,
		VM_STAT_WFE,	 VM_STAT_HVC,	  VM_STAT_SMC,	 VM_STAT_MMIO,
		VM_STAT_USER,	 VM_STAT_BLOCKED,
	};

	for (unsigned int i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		if (seen[i] == stat)
			return counts[stat];
	return -1;
}

uint64_t timeline_lost(void)
{
	return lost;
}

void timeline_print_classes(FILE *out)
{
	fprintf(out, "%-32s %10s %10s %8s\n", "EXITS", "NUMBER", "MS IN ALL",
		"US EACH");
	for (unsigned int i = 0; i < MAXCLASSES && classes[i].name; i++)
		fprintf(out, "%-32s %10llu %10.1f %8.1f\n", classes[i].name,
			(unsigned long long)classes[i].n,
			(double)classes[i].us / 1000,
			(double)classes[i].us / (double)classes[i].n);
}
