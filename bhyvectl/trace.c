/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bhyvectl --trace: makes a tracing instance of its own in the kernel, which
 * disturbs no other user of tracing, and reads its lines while they come.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "bhyvectl/ask.h"
#include "bhyvectl/stats.h"
#include "bhyvectl/timeline.h"
#include "bhyvectl/trace.h"

#define TRACING	 "/sys/kernel/tracing"
#define BUFFER	 "32768" /* KiB for each CPU */
#define LINE_MAX 1024
#define POLL_MS	 100

static char instance[64];
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* 0 or a negative errno. */
static int put(const char *file, const char *text)
{
	char path[160];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", instance, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* "prev_pid == A || next_pid == A || ..." of all the process's threads. */
static char *threads_filter(int pid)
{
	char path[32], *text = NULL;
	struct dirent *entry;
	const char * or = "";
	size_t len;
	FILE *out;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	out = open_memstream(&text, &len);
	while (dir && out && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		fprintf(out, "%sprev_pid == %s || next_pid == %s", or,
			entry->d_name, entry->d_name);
		or = " || ";
	}
	if (dir)
		closedir(dir);
	if (out)
		fclose(out);
	return text;
}

/*
 * Records when each thread has a CPU. If the kernel refuses that, the timeline
 * is made without it.
 */
static void record_threads(int pid)
{
	char *filter = threads_filter(pid);

	if (filter && !put("events/sched/sched_switch/filter", filter))
		put("events/sched/sched_switch/enable", "1");
	free(filter);
}

static int set_up(int pid)
{
	char filter[32];
	int ret;

	snprintf(filter, sizeof(filter), "vm == %d", pid);
	ret = put("tracing_on", "0");
	if (!ret)
		ret = put("trace_clock", "mono");
	if (!ret)
		ret = put("buffer_size_kb", BUFFER);
	if (!ret)
		ret = put("events/vmm/filter", filter);
	if (!ret)
		ret = put("events/vmm/enable", "1");
	if (!ret)
		record_threads(pid);
	return ret;
}

static int begin_tracing(int pid)
{
	int ret;

	snprintf(instance, sizeof(instance), TRACING "/instances/bhyvectl-%d",
		 getpid());
	if (mkdir(instance, 0700)) {
		fprintf(stderr,
			"bhyvectl: %s: %s: --trace needs root, and tracefs:"
			" mount -t tracefs tracefs " TRACING "\n",
			instance, strerror(errno));
		return NOT_DONE;
	}
	ret = set_up(pid);
	if (!ret)
		return 0;
	fprintf(stderr, "bhyvectl: %s: %s: is vmm.ko of this release?\n",
		instance, strerror(-ret));
	rmdir(instance);
	return NOT_DONE;
}

/*
 * Pauses the VM and reads its counters. *@was_paused: somebody else had paused
 * it before. 0, or an exit status.
 */
static int look(const char *name, bool *was_paused, struct stats *stats)
{
	struct json_object *answer;
	int ret = ask_or_say(name, "status", -1, &answer);

	if (ret)
		return ret;
	*was_paused = !strcmp(text_of(answer, "state"), "paused");
	json_object_put(answer);
	ret = ask_or_say(name, "pause", -1, &answer);
	if (ret)
		return ret;
	json_object_put(answer);
	ret = ask_or_say(name, "stats", -1, &answer);
	if (ret)
		return ret;
	stats_from(answer, stats);
	json_object_put(answer);
	return 0;
}

static int go_on(const char *name, bool was_paused)
{
	struct json_object *answer;
	int ret = 0;

	if (!was_paused)
		ret = ask_or_say(name, "resume", -1, &answer);
	if (!was_paused && !ret)
		json_object_put(answer);
	return ret;
}

struct reader {
	int fd;
	size_t len;
	char text[64 * LINE_MAX];
};

static void take_lines(struct reader *r)
{
	char *line = r->text, *end;

	while ((end = memchr(line, '\n', r->len - (line - r->text)))) {
		*end = '\0';
		timeline_line(line);
		line = end + 1;
	}
	r->len -= line - r->text;
	memmove(r->text, line, r->len);
	/* A line that fills the buffer is not the kernel's: drop it. */
	if (r->len == sizeof(r->text))
		r->len = 0;
}

/* Reads what the kernel has; false: there was nothing. */
static bool take_some(struct reader *r)
{
	ssize_t n = read(r->fd, r->text + r->len, sizeof(r->text) - r->len);

	if (n <= 0)
		return false;
	r->len += n;
	take_lines(r);
	return true;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void follow(struct reader *r, int pid, unsigned int seconds)
{
	const double until = now() + seconds;

	while (!stopped && now() < until && !kill(pid, 0)) {
		struct pollfd ready = { .fd = r->fd, .events = POLLIN };

		if (poll(&ready, 1, POLL_MS) > 0)
			take_some(r);
	}
}

/* Prints both numbers for each counter; returns whether all are equal. */
static bool print_totals(const struct stats *before, const struct stats *after)
{
	bool equal = true;

	printf("%-32s %10s %10s\n", "TOTALS", "EVENTS", "COUNTER");
	for (unsigned int i = 0; i < VM_STAT_MAX; i++) {
		int64_t events = timeline_count(i);
		int64_t counter = after->of[i] - before->of[i];

		if (events < 0)
			continue;
		printf("%-32s %10lld %10lld\n", stat_texts[i],
		       (long long)events, (long long)counter);
		equal &= events == counter;
	}
	return equal;
}

static int report(const char *path, bool ended, const struct stats *before,
		  const struct stats *after)
{
	timeline_print_classes(stdout);
	if (ended)
		printf("The machine has ended: no counters to compare with.\n");
	else if (!print_totals(before, after) && !timeline_lost())
		fprintf(stderr, "bhyvectl: events and counters differ\n");
	printf("The timeline is in %s: open it in Perfetto or"
	       " chrome://tracing.\n",
	       path);
	if (!timeline_lost())
		return 0;
	fprintf(stderr,
		"bhyvectl: the kernel had no room for %llu events:"
		" trace for a shorter time\n",
		(unsigned long long)timeline_lost());
	return NOT_DONE;
}

/* Records between two looks at the counters, for which the VM is paused. */
static int record(struct reader *r, const char *name, int pid,
		  unsigned int seconds, const char *path)
{
	struct stats before, after;
	bool was_paused, ended;
	int ret = look(name, &was_paused, &before);

	if (ret)
		return ret;
	put("tracing_on", "1");
	ret = go_on(name, was_paused);
	if (ret)
		return ret;
	follow(r, pid, seconds);
	ended = kill(pid, 0) && errno == ESRCH;
	if (!ended)
		ended = look(name, &was_paused, &after);
	put("tracing_on", "0");
	while (take_some(r))
		;
	timeline_end();
	if (!ended)
		ended = go_on(name, was_paused);
	return report(path, ended, &before, &after);
}

static int record_to(FILE *out, const char *name, int pid, unsigned int seconds,
		     const char *path)
{
	static struct reader r;
	char pipe[96];
	int ret;

	snprintf(pipe, sizeof(pipe), "%s/trace_pipe", instance);
	r.fd = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (r.fd < 0) {
		perror(pipe);
		return NOT_DONE;
	}
	timeline_begin(out, name, pid);
	ret = record(&r, name, pid, seconds, path);
	close(r.fd);
	return ret;
}

static int trace_to(FILE *out, const char *name, unsigned int seconds,
		    const char *path)
{
	struct json_object *answer;
	int ret = ask_or_say(name, "status", -1, &answer);
	int pid;

	if (ret)
		return ret;
	pid = number_of(answer, "pid");
	json_object_put(answer);
	ret = begin_tracing(pid);
	if (ret)
		return ret;
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	ret = record_to(out, name, pid, seconds, path);
	rmdir(instance);
	return ret;
}

int trace(const char *name, unsigned int seconds, const char *path)
{
	FILE *out = fopen(path, "we");
	int ret;

	if (!out) {
		fprintf(stderr, "bhyvectl: %s: %s\n", path, strerror(errno));
		return NOT_DONE;
	}
	ret = trace_to(out, name, seconds, path);
	if (fclose(out)) {
		fprintf(stderr, "bhyvectl: %s: %s\n", path, strerror(errno));
		ret = NOT_DONE;
	}
	return ret;
}
