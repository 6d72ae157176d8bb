/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kinds of console share: a pair of descriptors that may come and go,
 * and their events.
 */
#ifndef BHYVE_CONSOLE_IMPL_H
#define BHYVE_CONSOLE_IMPL_H

#include <pthread.h>
#include "bhyve/console/console.h"
#include "bhyve/base/mevent.h"

#define CONSOLE_LATER_MAX 4096
#define CONSOLE_BACKLOG	  16384 /* fits into a new socket's buffer */

/* The last bytes of output; @total: how many there have been in all. */
struct console_backlog {
	size_t total;
	uint8_t data[CONSOLE_BACKLOG];
};

/* Output that console_write_later() has taken, from head on. */
struct console_later {
	size_t head, tail;
	bool stuck; /* the other end does not take it now */
	struct mevent *timer;
	uint8_t data[CONSOLE_LATER_MAX];
};

struct console {
	struct console *next;
	pthread_mutex_t lock; /* may be taken while a device's lock is held */
	int in_fd, out_fd;    /* -1: not connected */
	/* out_fd is shared with other processes, so O_NONBLOCK cannot be set */
	bool out_blocks;
	struct mevent *in_ev, *out_ev;
	bool in_timer; /* in_fd cannot be polled, and in_ev is a timer */
	bool want_in, want_out;
	console_func_t readable, writable, changed, resized;
	void *arg;
	bool disconnected; /* a socket without a client */
	/*
	 * Called with the lock held. False: in_fd must not be read now, but may
	 * be in retry_ms milliseconds. NULL: it may always be read.
	 */
	bool (*may_read)(struct console *cons);
	/*
	 * Called with the lock held when input has ended (read returned 0 or an
	 * error). False: there may be more later. NULL: it has ended for good.
	 */
	bool (*input_ended)(struct console *cons);
	/*
	 * Called with the lock held. Takes out of the input what does not go to
	 * the guest, and returns how much is left. NULL: all goes to the guest.
	 */
	size_t (*filter)(struct console *cons, uint8_t *buf, size_t len);
	/* Whether nobody will ever read the stuck output. NULL: never. */
	bool (*output_gone)(struct console *cons);
	struct mevent *retry;
	struct console_later later;
	struct console_backlog *backlog; /* NULL: none is kept */
	/* what a client has been sent is not kept for the next one */
	bool backlog_once;
	int log_fd;   /* -1: none */
	int escape;   /* the key; -1: none */
	bool escaped; /* that key was the last one */
	void *impl;
};

struct console *console_new(void);

/*
 * Sets the descriptors; events of the old ones are dropped. The lock is held,
 * or there is no other user yet. -1, -1: not connected. 0 or a negative errno.
 */
int console_set_fds(struct console *cons, int in_fd, int out_fd);

int console_open_stdio(struct console *cons);
int console_open_pty(struct console *cons, const char *link);
int console_open_unix(struct console *cons, const char *path);
/* A socket at the place where bhyvectl looks for it; it keeps a backlog. */
int console_open_ctl(struct console *cons);

#endif /* BHYVE_CONSOLE_IMPL_H */
