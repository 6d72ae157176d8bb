/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyvectl --top: differences of counters, and of the CPU time of vCPUs'
 * threads as proc(5) has it.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/stats.h"
#include "bhyvectl/top.h"

#define MAXVMS	 64
#define INTERVAL 2 /* seconds */
#define CLASSES	 5 /* a line for each VM */
#define SECOND	 UINT64_C(1000000000)

/* What all vCPUs' threads of a VM have used, in nanoseconds. */
struct cpu_time {
	uint64_t guest;	 /* in the guest */
	uint64_t kernel; /* answering its exits, in the kernel */
	uint64_t bhyve;	 /* and in bhyve, those that return to user space */
	uint64_t stolen; /* ready to run, while others had the CPU */
};

struct sample {
	int pid; /* 0: none */
	uint64_t at;
	struct stats stats;
	struct cpu_time time;
};

static bool read_file(int pid, const char *tid, const char *name, char *text,
		      size_t len)
{
	char path[96];
	size_t n;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", pid, tid, name);
	file = fopen(path, "re");
	if (!file)
		return false;
	n = fread(text, 1, len - 1, file);
	text[n] = '\0';
	fclose(file);
	return n > 0;
}

/* Adds utime (which includes guest_time), stime and guest_time of proc(5)'s stat. */
static void add_ticks(const char *stat, struct cpu_time *time)
{
	const uint64_t tick = SECOND / sysconf(_SC_CLK_TCK);
	unsigned long user = 0, kernel = 0, guest = 0;
	const char *at = strrchr(stat, ')');

	if (!at ||
	    sscanf(at,
		   ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu"
		   " %*d %*d %*d %*d %*d %*d %*u %*u %*d %*u %*u %*u"
		   " %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*d %*d"
		   " %*u %*u %*u %lu",
		   &user, &kernel, &guest) != 3)
		return;
	time->guest += guest * tick;
	time->kernel += kernel * tick;
	time->bhyve += (user - guest) * tick;
}

static void add_thread(int pid, const char *tid, struct cpu_time *time)
{
	char text[512];
	uint64_t waited;

	if (!read_file(pid, tid, "comm", text, sizeof(text)) ||
	    strncmp(text, "vcpu ", 5))
		return;
	if (read_file(pid, tid, "stat", text, sizeof(text)))
		add_ticks(text, time);
	if (read_file(pid, tid, "schedstat", text, sizeof(text)) &&
	    sscanf(text, "%*u %" SCNu64, &waited) == 1)
		time->stolen += waited;
}

static void take_time(int pid, struct cpu_time *time)
{
	struct dirent *entry;
	char path[32];
	DIR *dir;

	memset(time, 0, sizeof(*time));
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			add_thread(pid, entry->d_name, time);
	if (dir)
		closedir(dir);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static bool take_sample(const char *name, int pid, struct sample *sample)
{
	struct json_object *answer;

	if (ask(name, "stats", -1, &answer))
		return false;
	stats_from(answer, &sample->stats);
	json_object_put(answer);
	take_time(pid, &sample->time);
	sample->pid = pid;
	sample->at = now();
	return true;
}

static double per_second(uint64_t before, uint64_t after, uint64_t ns)
{
	return (double)(after - before) * (double)SECOND / (double)ns;
}

/* Percent of one CPU's time. */
static double percent(uint64_t before, uint64_t after, uint64_t ns)
{
	return 100 * (double)(after - before) / (double)ns;
}

/* The most frequent class of exits that is not printed yet; VM_STAT_MAX: none. */
static unsigned int busiest(const struct sample *a, const struct sample *b,
			    const bool printed[VM_STAT_MAX])
{
	unsigned int best = VM_STAT_MAX;
	uint64_t most = 0;

	for (unsigned int i = VM_STAT_ENTRIES + 1; i < VM_STAT_MAX; i++) {
		uint64_t n = b->stats.of[i] - a->stats.of[i];

		if (printed[i] || n <= most)
			continue;
		most = n;
		best = i;
	}
	return best;
}

static void print_classes(const struct sample *a, const struct sample *b,
			  uint64_t ns)
{
	bool printed[VM_STAT_MAX] = { false };

	for (unsigned int i = 0; i < CLASSES; i++) {
		unsigned int n = busiest(a, b, printed);

		if (n == VM_STAT_MAX)
			break;
		printed[n] = true;
		printf("%12.0f/s  %s\n",
		       per_second(a->stats.of[n], b->stats.of[n], ns),
		       stat_texts[n]);
	}
}

static void print_header(void)
{
	printf("%-16s %7s %4s %6s %6s %6s %7s %8s %7s %7s %7s %7s  %-17s"
	       " %-17s\n",
	       "NAME", "PID", "CPUS", "%GUEST", "%HOST", "%STEAL", "RES-MB",
	       "EXITS/s", "US/EXIT", "US/USER", "INTR/s", "FAULT/s",
	       "DISK-KB/s r,w", "NET-KB/s in,out");
}

/* Microseconds of @ns for each of what @stat counts. */
static double each(const struct sample *a, const struct sample *b,
		   enum vm_stat stat, uint64_t ns)
{
	uint64_t n = b->stats.of[stat] - a->stats.of[stat];

	return n ? (double)ns / 1000 / (double)n : 0;
}

static void print_vm(struct json_object *vm, const struct sample *a,
		     const struct sample *b)
{
	const uint64_t ns = b->at - a->at;
	const uint64_t *was = a->stats.of, *is = b->stats.of;
	uint64_t kernel = b->time.kernel - a->time.kernel;
	uint64_t bhyve = b->time.bhyve - a->time.bhyve;

	print_plain(text_of(vm, "name"), 16, stdout);
	printf(" %7d %4" PRIu64 " %6.1f %6.1f %6.1f %7.1f %8.0f %7.1f %7.1f",
	       b->pid, number_of(vm, "cpus"),
	       percent(a->time.guest, b->time.guest, ns),
	       percent(0, kernel + bhyve, ns),
	       percent(a->time.stolen, b->time.stolen, ns),
	       (double)b->stats.resident / (1 << 20),
	       per_second(was[VM_STAT_ENTRIES], is[VM_STAT_ENTRIES], ns),
	       each(a, b, VM_STAT_ENTRIES, kernel),
	       each(a, b, VM_STAT_USER, bhyve));
	printf(" %7.0f %7.0f  %8.0f,%-8.0f %8.0f,%-8.0f\n",
	       per_second(was[VM_STAT_TIMER] + was[VM_STAT_FAST_TIMER] +
				  was[VM_STAT_IRQ],
			  is[VM_STAT_TIMER] + is[VM_STAT_FAST_TIMER] +
				  is[VM_STAT_IRQ],
			  ns),
	       per_second(was[VM_STAT_FAULT], is[VM_STAT_FAULT], ns),
	       per_second(a->stats.disk_read, b->stats.disk_read, ns) / 1024,
	       per_second(a->stats.disk_written, b->stats.disk_written, ns) /
		       1024,
	       per_second(a->stats.received, b->stats.received, ns) / 1024,
	       per_second(a->stats.sent, b->stats.sent, ns) / 1024);
	print_classes(a, b, ns);
}

static struct sample samples[MAXVMS];

static struct sample *find_sample(int pid)
{
	struct sample *free = NULL;

	for (unsigned int i = 0; i < MAXVMS; i++) {
		if (samples[i].pid == pid)
			return &samples[i];
		if (!samples[i].pid && !free)
			free = &samples[i];
	}
	return free;
}

/* Without @print only the samples are taken. */
static void round_of(struct json_object *vms, bool print)
{
	for (size_t i = 0; i < json_object_array_length(vms); i++) {
		struct json_object *vm = json_object_array_get_idx(vms, i);
		int pid = number_of(vm, "pid");
		struct sample *before = find_sample(pid), after;

		if (!before || !take_sample(text_of(vm, "name"), pid, &after))
			continue;
		if (print && before->pid)
			print_vm(vm, before, &after);
		*before = after;
	}
}

/* Frees the samples of VMs that have ended. */
static void forget_ended(void)
{
	const uint64_t old = now() - 3 * INTERVAL * SECOND;

	for (unsigned int i = 0; i < MAXVMS; i++)
		if (samples[i].at < old)
			samples[i].pid = 0;
}

static void look(bool print, bool terminal)
{
	struct json_object *vms = running_vms();

	if (print && terminal)
		fputs("\033[H\033[J", stdout);
	if (print)
		print_header();
	round_of(vms, print);
	fflush(stdout);
	json_object_put(vms);
}

int top(void)
{
	const bool terminal = isatty(STDOUT_FILENO);

	look(false, terminal);
	for (;;) {
		sleep(INTERVAL);
		forget_ended();
		look(true, terminal);
		if (!terminal)
			return 0;
	}
}
