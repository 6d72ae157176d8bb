/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on stderr. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/limit.h"

#define EXIT_ERROR 4

bool raw_stdio;

static const char *vm_name;

static __thread char last[512];

void debug_set_name(const char *name)
{
	vm_name = name;
}

/*
 * One write() for each line, because several bhyves may share a terminal, and
 * must not cut each other's lines.
 */
static void vprint_line(const char *fmt, va_list ap)
{
	char line[1024];
	size_t room = sizeof(line) - 2, len;
	int n;

	n = vm_name ? snprintf(line, room, "bhyve: %s: ", vm_name) :
		      snprintf(line, room, "bhyve: ");
	vsnprintf(line + n, room - n, fmt, ap);
	snprintf(last, sizeof(last), "%s", line + n);
	len = strlen(line);
	if (raw_stdio)
		line[len++] = '\r';
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) < 0)
		return; /* nobody reads stderr any more */
}

void eprintln(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint_line(fmt, ap);
	va_end(ap);
}

static bool may_say(unsigned int *left_out)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct limit limit;
	struct timespec now;
	bool lets;

	clock_gettime(CLOCK_MONOTONIC, &now);
	pthread_mutex_lock(&lock);
	lets = limit_lets(&limit, now.tv_sec + 1, left_out);
	pthread_mutex_unlock(&lock);
	return lets;
}

void guest_println(const char *fmt, ...)
{
	unsigned int left_out;
	va_list ap;

	if (!may_say(&left_out))
		return;
	if (left_out)
		eprintln("%u more lines that the guest caused were left out",
			 left_out);
	va_start(ap, fmt);
	vprint_line(fmt, ap);
	va_end(ap);
}

int refuse(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint_line(fmt, ap);
	va_end(ap);
	return -EINVAL;
}

const char *last_line(void)
{
	return last;
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint_line(fmt, ap);
	va_end(ap);
	exit_with_error();
}

void exit_with_error(void)
{
	exit(EXIT_ERROR);
}
