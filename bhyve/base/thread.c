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

/* 0 or a positive errno. */
static int make_thread(pthread_t *thread, struct start *start)
{
	sigset_t all, old;
	int ret;

	/* A new thread inherits the mask of its maker. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(thread, NULL, run_confined, start);
	if (!ret)
		pthread_detach(*thread);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ret;
}

/* The request to the thread that makes threads, and its answer; guarded by lock. */
static struct {
	bool exists;
	struct start *wanted; /* NULL: nothing */
	pthread_t thread;     /* which it has made */
	int ret;
} maker;

static void *make_threads(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	for (;;) {
		while (!maker.wanted)
			pthread_cond_wait(&changed, &lock);
		maker.ret = make_thread(&maker.thread, maker.wanted);
		maker.wanted = NULL;
		pthread_cond_broadcast(&changed);
	}
	return NULL;
}

static int ask_maker(pthread_t *thread, struct start *start)
{
	maker.wanted = start;
	pthread_cond_broadcast(&changed);
	while (maker.wanted)
		pthread_cond_wait(&changed, &lock);
	*thread = maker.thread;
	return maker.ret;
}

static int make_or_ask(pthread_t *thread, struct start *start)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = released && maker.exists ? ask_maker(thread, start) :
					 make_thread(thread, start);
	pthread_mutex_unlock(&lock);
	return ret;
}

int start_thread(void *(*func)(void *), void *arg, const char *name,
		 enum sandbox_kind kind, const char *tag, pthread_t *thread)
{
	struct start *start = malloc(sizeof(*start));
	pthread_t made;
	int ret;

	if (!start)
		return refuse("%s: out of memory", tag);
	*start = (struct start){ func, arg, .tag = tag, .kind = kind };
	strncpy(start->name, name, sizeof(start->name) - 1);
	ret = make_or_ask(thread ? thread : &made, start);
	if (!ret)
		return 0;
	free(start);
	return refuse("%s: cannot start its thread %s: %s%s", tag, name,
		      strerror(ret),
		      ret == EAGAIN ?
			      "; each vCPU and each disk has some: raise"
			      " TasksMax= or ulimit -u" :
			      "");
}

void start_thread_maker(void)
{
	if (maker.exists)
		return;
	if (start_thread(make_threads, NULL, "threads", SANDBOX_MAKER,
			 "threads", NULL))
		exit_with_error();
	maker.exists = true;
}
