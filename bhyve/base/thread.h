/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of devices and backends. */
#ifndef BHYVE_THREAD_H
#define BHYVE_THREAD_H

/*
 * Starts a detached thread called @name (at most 15 characters), with all
 * signals blocked and without capabilities. At start-up; if there is no thread,
 * die()s with @tag in front of the message.
 */
void start_thread(void *(*func)(void *), void *arg, const char *name,
		  const char *tag);

#endif /* BHYVE_THREAD_H */
