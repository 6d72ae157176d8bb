/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events for devices: one thread that waits for file descriptors, timers and
 * signals, and calls back.
 *
 * Callbacks run on that thread, one at a time and with no lock of this file
 * held, and must not block. Any thread, callbacks included, may call any
 * function here. After mevent_disable() or mevent_delete() from another thread
 * a callback already begun may still be running.
 */
#ifndef BHYVE_MEVENT_H
#define BHYVE_MEVENT_H

#include <stdint.h>

enum ev_type {
	EVF_READ, /* readable, end of file, or error: level-triggered */
	EVF_WRITE, /* writable: level-triggered */
	EVF_HANGUP, /* the other end is gone: level-triggered */
	EVF_TIMER, /* made by mevent_timer_add() */
	EVF_SIGNAL, /* fd is a signal number, blocked in all threads */
};

struct mevent;

typedef void (*mevent_func_t)(int fd, enum ev_type type, void *arg);

/* Sets things up; before the first mevent_add(). Negative errno. */
int mevent_init(void);

/*
 * Watches @fd, which stays the caller's; NULL when memory or descriptors ran
 * out, or for a regular file (it never blocks: read it directly). The same
 * @fd may have one event of each type.
 */
struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg);

/* As mevent_add(), but silent until mevent_enable(). */
struct mevent *mevent_add_disabled(int fd, enum ev_type type,
				   mevent_func_t func, void *arg);

/* A timer, not yet set. */
struct mevent *mevent_timer_add(mevent_func_t func, void *arg);

/*
 * Makes a timer fire once, @ns nanoseconds from now (CLOCK_MONOTONIC), instead
 * of whenever it was set to before; 0 stops it.
 */
int mevent_timer(struct mevent *evp, uint64_t ns);

int mevent_enable(struct mevent *evp);
int mevent_disable(struct mevent *evp);

/* Forgets the event; @evp is gone. _close also closes its descriptor. */
int mevent_delete(struct mevent *evp);
int mevent_delete_close(struct mevent *evp);

/* The event thread: dispatches until mevent_stop(). */
void mevent_dispatch(void);

/* Makes mevent_dispatch() return after the callback in hand. */
void mevent_stop(void);

#endif /* BHYVE_MEVENT_H */
