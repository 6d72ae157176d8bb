/* SPDX-License-Identifier: BSD-2-Clause */
#include <pthread.h>
#include <signal.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/thread.h"

void start_thread(void *(*func)(void *), void *arg, const char *name,
		  const char *tag)
{
	sigset_t all, old;
	pthread_t thread;

	/* A new thread inherits the mask of its maker. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&thread, NULL, func, arg))
		die("%s: cannot start its thread %s", tag, name);
	pthread_setname_np(thread, name);
	pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}
