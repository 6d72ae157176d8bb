/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/privileges.h"
#include "bhyve/base/thread.h"

struct start {
	void *(*func)(void *);
	void *arg;
};

/* Capabilities belong to a thread, so each one drops its own. */
static void *run_unprivileged(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	if (drop_capabilities())
		die("cannot drop the capabilities of a thread");
	return start.func(start.arg);
}

void start_thread(void *(*func)(void *), void *arg, const char *name,
		  const char *tag)
{
	struct start *start = malloc(sizeof(*start));
	sigset_t all, old;
	pthread_t thread;

	if (!start)
		die("%s: out of memory", tag);
	*start = (struct start){ func, arg };
	/* A new thread inherits the signal mask. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&thread, NULL, run_unprivileged, start))
		die("%s: cannot start its thread %s", tag, name);
	pthread_setname_np(thread, name);
	pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}
