/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/privileges.h"
#include "bhyve/base/thread.h"

struct start {
	void *(*func)(void *);
	void *arg;
	const char *tag;
	char name[16];
	enum sandbox_kind kind;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool released;
static confine_func_t confine;

static void wait_for_release(void)
{
	pthread_mutex_lock(&lock);
	while (!released)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

void threads_release(confine_func_t func)
{
	pthread_mutex_lock(&lock);
	released = true;
	confine = func;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* Each thread has a name, capabilities and a filter of its own. */
static void *run_confined(void *arg)
{
	struct start start = *(struct start *)arg;
	int ret;

	free(arg);
	pthread_setname_np(pthread_self(), start.name);
	wait_for_release();
	ret = drop_capabilities();
	if (!ret && confine)
		ret = confine(start.kind);
	if (ret)
		die("%s: cannot confine its thread %s: %s", start.tag,
		    start.name, strerror(-ret));
	return start.func(start.arg);
}

pthread_t start_thread(void *(*func)(void *), void *arg, const char *name,
		       enum sandbox_kind kind, const char *tag)
{
	struct start *start = malloc(sizeof(*start));
	sigset_t all, old;
	pthread_t thread;
	int ret;

	if (!start)
		die("%s: out of memory", tag);
	*start = (struct start){ func, arg, .tag = tag, .kind = kind };
	strncpy(start->name, name, sizeof(start->name) - 1);
	/* A new thread inherits the mask of its maker. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&thread, NULL, run_confined, start);
	if (ret)
		die("%s: cannot start its thread %s: %s%s", tag, name,
		    strerror(ret),
		    ret == EAGAIN ? "; each vCPU and each disk has some: raise"
				    " TasksMax= or ulimit -u" :
				    "");
	pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return thread;
}
