/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kinds of console share: a pair of descriptors that may come and
 * go, and their events.
 */
#ifndef BHYVE_CONSOLE_IMPL_H
#define BHYVE_CONSOLE_IMPL_H

#include <pthread.h>
#include "bhyve/console/console.h"
#include "bhyve/base/mevent.h"

#define CONSOLE_LATER_MAX 4096

/* What console_write_later() has taken, from head on. */
struct console_later {
	size_t head, tail;
	bool stuck; /* nobody takes it just now */
	struct mevent *timer;
	uint8_t data[CONSOLE_LATER_MAX];
};

struct console {
	struct console *next;
	pthread_mutex_t lock; /* taken inside a device's lock */
	int in_fd, out_fd; /* -1: nobody there */
	bool out_blocks; /* out_fd is shared, O_NONBLOCK cannot be set */
	struct mevent *in_ev, *out_ev;
	bool in_timer; /* in_fd cannot be polled: in_ev is a timer */
	bool want_in, want_out;
	console_func_t readable, writable, changed;
	void *arg;
	bool disconnected; /* a socket without a client */
	/* Under the lock. False: @in_fd must not be read now; retry_ms later
	 * it may. NULL: always. */
	bool (*may_read)(struct console *cons);
	/* Input ended (read gave 0 or an error); false: there may be more
	 * after some time. NULL: it ended for good. Under the lock. */
	bool (*input_ended)(struct console *cons);
	/* Nobody will ever read what is stuck in the output. NULL: no. */
	bool (*output_gone)(struct console *cons);
	struct mevent *retry;
	struct console_later later;
	void *impl;
};

struct console *console_new(void);

/* The descriptors from now on; the old ones' events are dropped. Lock held
 * or no other user yet. -1, -1: nobody there. */
int console_set_fds(struct console *cons, int in_fd, int out_fd);

int console_open_stdio(struct console *cons);
int console_open_pty(struct console *cons, const char *link);
int console_open_unix(struct console *cons, const char *path);

#endif /* BHYVE_CONSOLE_IMPL_H */
