/* SPDX-License-Identifier: BSD-2-Clause */
/* What all kinds of console share. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "bhyve/console/console_impl.h"
#include "bhyve/base/debug.h"

#define NSEC_PER_MSEC UINT64_C(1000000)
#define RETRY_NS      (500 * NSEC_PER_MSEC)
#define LATER_NS      NSEC_PER_MSEC

static uint64_t output_count;
static struct console *consoles;

uint64_t console_output_count(void)
{
	return __atomic_load_n(&output_count, __ATOMIC_RELAXED);
}

static void enable(struct mevent *evp, bool on)
{
	if (evp)
		on ? mevent_enable(evp) : mevent_disable(evp);
}

/* Watches for input. A regular file has no event: a short timer stands in. */
static void arm_input(struct console *cons, uint64_t delay_ns)
{
	if (cons->in_timer)
		mevent_timer(cons->in_ev, cons->want_in ? delay_ns : 0);
	else
		enable(cons->in_ev, cons->want_in);
}

static void on_readable(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	bool wanted;

	(void)fd, (void)type;
	pthread_mutex_lock(&cons->lock);
	wanted = cons->want_in && cons->readable;
	pthread_mutex_unlock(&cons->lock);
	if (wanted)
		cons->readable(cons->arg);
	pthread_mutex_lock(&cons->lock);
	if (cons->in_timer && cons->in_ev)
		arm_input(cons, NSEC_PER_MSEC);
	pthread_mutex_unlock(&cons->lock);
}

static void keep(struct console_backlog *backlog, const uint8_t *buf,
		 size_t len)
{
	for (; len; buf++, len--)
		backlog->data[backlog->total++ % CONSOLE_BACKLOG] = *buf;
}

static size_t send_now(struct console *cons, const uint8_t *buf, size_t len)
{
	struct pollfd pfd = { .fd = cons->out_fd, .events = POLLOUT };
	ssize_t n;

	if (cons->out_fd < 0)
		return len;
	if (cons->out_blocks && poll(&pfd, 1, 0) <= 0)
		return 0;
	n = write(cons->out_fd, buf, len);
	if (n >= 0)
		return n;
	if (errno == EINTR)
		return 0;
	if (errno == EAGAIN)
		return cons->output_gone && cons->output_gone(cons) ? len : 0;
	return len;
}

/* The log ends where it cannot be written; the guest does not. */
static void log_output(struct console *cons, const uint8_t *buf, size_t len)
{
	while (len) {
		ssize_t n = write(cons->log_fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			guest_println("the console's log ends here: %s",
				      strerror(errno));
			cons->log_fd = -1;
			return;
		}
		buf += n;
		len -= n;
	}
}

static size_t write_locked(struct console *cons, const uint8_t *buf, size_t len)
{
	size_t n = send_now(cons, buf, len);

	if (cons->backlog && !(cons->backlog_once && cons->out_fd >= 0))
		keep(cons->backlog, buf, n);
	if (cons->log_fd >= 0)
		log_output(cons, buf, n);
	return n;
}

/*
 * Watches for room for output. Text that is kept for later goes first; a
 * regular file has no event.
 */
static void watch_output(struct console *cons)
{
	const struct console_later *later = &cons->later;
	bool watch = later->stuck || (cons->want_out && !later->tail);

	if (cons->out_ev)
		enable(cons->out_ev, watch);
	else if (watch)
		mevent_timer(later->timer, LATER_NS);
}

/* True: nothing is left to be written. */
static bool flush_locked(struct console *cons)
{
	struct console_later *later = &cons->later;
	size_t n = 1;

	if (!later->tail)
		return true;
	while (n && later->head < later->tail) {
		n = write_locked(cons, later->data + later->head,
				 later->tail - later->head);
		later->head += n;
	}
	if (later->head == later->tail)
		later->head = later->tail = 0;
	later->stuck = later->tail > 0;
	watch_output(cons);
	return !later->stuck;
}

static void on_writable(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;
	bool wanted;

	(void)fd, (void)type;
	pthread_mutex_lock(&cons->lock);
	wanted = flush_locked(cons) && cons->want_out && cons->writable;
	pthread_mutex_unlock(&cons->lock);
	if (wanted)
		cons->writable(cons->arg);
}

static void on_retry(int fd, enum ev_type type, void *arg)
{
	struct console *cons = arg;

	(void)fd, (void)type;
	pthread_mutex_lock(&cons->lock);
	if (cons->in_ev)
		arm_input(cons, NSEC_PER_MSEC);
	pthread_mutex_unlock(&cons->lock);
}

struct console *console_new(void)
{
	struct console *cons = calloc(1, sizeof(*cons));

	if (!cons)
		return NULL;
	pthread_mutex_init(&cons->lock, NULL);
	cons->in_fd = cons->out_fd = cons->log_fd = -1;
	cons->retry = mevent_timer_add(on_retry, cons);
	cons->later.timer = mevent_timer_add(on_writable, cons);
	if (!cons->retry || !cons->later.timer) {
		free(cons);
		return NULL;
	}
	cons->next = consoles;
	consoles = cons;
	return cons;
}

static void drop_event(struct mevent **evpp)
{
	if (*evpp)
		mevent_delete(*evpp);
	*evpp = NULL;
}

static int watch_input(struct console *cons)
{
	cons->in_timer = false;
	cons->in_ev = mevent_add(cons->in_fd, EVF_READ, on_readable, cons);
	if (cons->in_ev) {
		enable(cons->in_ev, cons->want_in);
		return 0;
	}
	cons->in_timer = true;
	cons->in_ev = mevent_timer_add(on_readable, cons);
	if (!cons->in_ev)
		return -ENOMEM;
	arm_input(cons, NSEC_PER_MSEC);
	return 0;
}

int console_set_fds(struct console *cons, int in_fd, int out_fd)
{
	drop_event(&cons->in_ev);
	drop_event(&cons->out_ev);
	cons->in_fd = in_fd;
	cons->out_fd = out_fd;
	if (out_fd >= 0)
		cons->out_ev = mevent_add_disabled(out_fd, EVF_WRITE,
						   on_writable, cons);
	watch_output(cons);
	return in_fd >= 0 ? watch_input(cons) : 0;
}

void console_listen(struct console *cons, console_func_t readable,
		    console_func_t writable, void *arg)
{
	pthread_mutex_lock(&cons->lock);
	cons->readable = readable;
	cons->writable = writable;
	cons->arg = arg;
	pthread_mutex_unlock(&cons->lock);
}

void console_listen_connection(struct console *cons, console_func_t changed)
{
	pthread_mutex_lock(&cons->lock);
	cons->changed = changed;
	pthread_mutex_unlock(&cons->lock);
}

void console_listen_size(struct console *cons, console_func_t changed)
{
	pthread_mutex_lock(&cons->lock);
	cons->resized = changed;
	pthread_mutex_unlock(&cons->lock);
}

void console_size(struct console *cons, uint16_t *cols, uint16_t *rows)
{
	struct winsize size = { 0 };

	pthread_mutex_lock(&cons->lock);
	if (cons->in_fd < 0 || ioctl(cons->in_fd, TIOCGWINSZ, &size))
		size.ws_col = size.ws_row = 0;
	pthread_mutex_unlock(&cons->lock);
	*cols = size.ws_col;
	*rows = size.ws_row;
}

int console_keep_backlog(struct console *cons)
{
	if (cons->backlog)
		return 0;
	cons->backlog = calloc(1, sizeof(*cons->backlog));
	cons->backlog_once = true;
	return cons->backlog ? 0 : -ENOMEM;
}

bool console_connected(struct console *cons)
{
	bool connected;

	pthread_mutex_lock(&cons->lock);
	connected = !cons->disconnected;
	pthread_mutex_unlock(&cons->lock);
	return connected;
}

void console_want_input(struct console *cons, bool want)
{
	pthread_mutex_lock(&cons->lock);
	if (cons->want_in != want) {
		cons->want_in = want;
		if (cons->in_ev)
			arm_input(cons, 1);
	}
	pthread_mutex_unlock(&cons->lock);
}

void console_want_output(struct console *cons, bool want)
{
	pthread_mutex_lock(&cons->lock);
	if (cons->want_out != want) {
		cons->want_out = want;
		watch_output(cons);
	}
	pthread_mutex_unlock(&cons->lock);
}

/* Reading has stopped: try again later, or never. */
static void pause_input(struct console *cons, bool ended)
{
	if (ended) {
		drop_event(&cons->in_ev);
		cons->in_fd = -1;
		return;
	}
	if (cons->in_timer)
		mevent_timer(cons->in_ev, 0);
	else
		enable(cons->in_ev, false);
	mevent_timer(cons->retry, RETRY_NS);
}

static size_t read_locked(struct console *cons, uint8_t *buf, size_t len)
{
	struct pollfd pfd = { .fd = cons->in_fd, .events = POLLIN };
	ssize_t n;

	if (cons->in_fd < 0)
		return 0;
	if (cons->may_read && !cons->may_read(cons)) {
		pause_input(cons, false);
		return 0;
	}
	/* A shared descriptor blocks, so poll it first. */
	if (poll(&pfd, 1, 0) <= 0)
		return 0;
	n = read(cons->in_fd, buf, len);
	if (n > 0)
		return cons->filter ? cons->filter(cons, buf, n) : (size_t)n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	pause_input(cons, !cons->input_ended || cons->input_ended(cons));
	return 0;
}

size_t console_read(struct console *cons, uint8_t *buf, size_t len)
{
	size_t n;

	pthread_mutex_lock(&cons->lock);
	n = read_locked(cons, buf, len);
	pthread_mutex_unlock(&cons->lock);
	return n;
}

size_t console_write(struct console *cons, const uint8_t *buf, size_t len)
{
	size_t n;

	pthread_mutex_lock(&cons->lock);
	n = flush_locked(cons) ? write_locked(cons, buf, len) : 0;
	pthread_mutex_unlock(&cons->lock);
	__atomic_fetch_add(&output_count, n, __ATOMIC_RELAXED);
	return n;
}

static size_t put_later(struct console *cons, const uint8_t *buf, size_t len)
{
	struct console_later *later = &cons->later;

	if (len > CONSOLE_LATER_MAX - later->tail)
		flush_locked(cons);
	if (len > CONSOLE_LATER_MAX - later->tail)
		len = CONSOLE_LATER_MAX - later->tail;
	if (!later->tail && len)
		mevent_timer(later->timer, LATER_NS);
	memcpy(later->data + later->tail, buf, len);
	later->tail += len;
	return len;
}

size_t console_write_later(struct console *cons, const uint8_t *buf, size_t len)
{
	size_t n;

	pthread_mutex_lock(&cons->lock);
	n = put_later(cons, buf, len);
	pthread_mutex_unlock(&cons->lock);
	__atomic_fetch_add(&output_count, n, __ATOMIC_RELAXED);
	return n;
}

bool console_flush(void)
{
	struct console *cons;
	bool all = true;

	for (cons = consoles; cons; cons = cons->next) {
		pthread_mutex_lock(&cons->lock);
		all &= flush_locked(cons);
		pthread_mutex_unlock(&cons->lock);
	}
	return all;
}
