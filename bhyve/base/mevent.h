/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events for devices: one thread waits for file descriptors, timers and
 * signals, and calls back.
 *
 * Callbacks run on that thread, one at a time, without a lock of this file, and
 * must not block. Any thread, callbacks included, may call any function here.
 * After mevent_disable() or mevent_delete() from another thread a callback that
 * has begun may still be running.
 */
#ifndef BHYVE_MEVENT_H
#define BHYVE_MEVENT_H

#include <stdint.h>

enum ev_type {
	EVF_READ,   /* readable, end of file, or error: level-triggered */
	EVF_WRITE,  /* writable: level-triggered */
	EVF_HANGUP, /* the other end has closed: level-triggered */
	EVF_TIMER,  /* made by mevent_timer_add() */
	EVF_SIGNAL, /* fd is the number of a signal that all threads block */
};

struct mevent;

typedef void (*mevent_func_t)(int fd, enum ev_type type, void *arg);

/* Starts epoll; before the first mevent_add(). 0 or a negative errno. */
int mevent_init(void);

/*
 * Watches @fd, which stays the caller's. NULL: no memory or descriptors, or @fd
 * is a regular file, which never blocks: read it directly. The same @fd may
 * have one event of each type.
 */
struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg);

/* The same, but disabled until mevent_enable(). */
struct mevent *mevent_add_disabled(int fd, enum ev_type type,
				   mevent_func_t func, void *arg);

/* Makes a timer that is not set. */
struct mevent *mevent_timer_add(mevent_func_t func, void *arg);

/*
 * Sets a timer to fire once, @ns nanoseconds from now (CLOCK_MONOTONIC); 0
 * stops it. An earlier setting is replaced.
 */
int mevent_timer(struct mevent *evp, uint64_t ns);

int mevent_enable(struct mevent *evp);
int mevent_disable(struct mevent *evp);

/*
 * Deletes the event; @evp is invalid afterwards. mevent_delete_close() also
 * closes its descriptor.
 */
int mevent_delete(struct mevent *evp);
int mevent_delete_close(struct mevent *evp);

/* Runs the event thread: dispatches events until mevent_stop(). */
void mevent_dispatch(void);

/* Makes mevent_dispatch() return after the current callback, now and ever after. */
void mevent_stop(void);

/*
 * Makes mevent_dispatch() return after the current callback once: no event is lost that
 * the next mevent_dispatch() would have seen. Event thread.
 */
void mevent_break(void);

#endif /* BHYVE_MEVENT_H */
