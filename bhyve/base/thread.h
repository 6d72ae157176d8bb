/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of vCPUs, devices and back ends. */
#ifndef BHYVE_THREAD_H
#define BHYVE_THREAD_H

#include <pthread.h>
#include "bhyve/base/sandbox.h"

/*
 * Makes a detached thread @name (up to 15 characters, as the host's tools show
 * it) that takes no signal and has no capability, and that waits for
 * threads_release(). At start-up, or after start_thread_maker() at any time. The string
 * @tag is kept until the thread calls @func, not copied. 0, and *@thread (may be NULL)
 * is the thread; -EINVAL if the host cannot make one, after a message that begins with
 * @tag.
 */
int start_thread(void *(*func)(void *), void *arg, const char *name,
		 enum sandbox_kind kind, const char *tag, pthread_t *thread);

/*
 * Starts the thread that makes those which start_thread() is asked for after
 * threads_release(): the filters of all others forbid it. At start-up; there is one. On
 * an error prints it and exits.
 */
void start_thread_maker(void);

/*
 * Lets all threads run, after each has confined itself by calling @func (NULL:
 * they are not confined). To be called when everything is open.
 */
typedef int (*confine_func_t)(enum sandbox_kind kind);
void threads_release(confine_func_t func);

#endif /* BHYVE_THREAD_H */
