/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of devices and back ends. */
#ifndef BHYVE_THREAD_H
#define BHYVE_THREAD_H

/*
 * Starts a detached thread @name (up to 15 characters, as the host's tools show
 * it) that takes no signal and has no capability. At start-up; dies with @tag in
 * front of the message if the host has no thread to give.
 */
void start_thread(void *(*func)(void *), void *arg, const char *name,
		  const char *tag);

#endif /* BHYVE_THREAD_H */
