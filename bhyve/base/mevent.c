/* SPDX-License-Identifier: BSD-2-Clause */
/* The event thread, by epoll. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "bhyve/base/mevent.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

struct mevent {
	int fd; /* for the callback */
	/* for epoll; a duplicate, so that one fd can have two events */
	int poll_fd;
	enum ev_type type;
	mevent_func_t func;
	void *arg;
	bool enabled;
	bool deleted; /* in the list of those to be freed after this batch */
	SLIST_ENTRY(mevent) grave;
};

static int epoll_fd = -1;
static int wake_fd = -1;
static bool stopping;
static bool breaking; /* only the event thread uses it */

/*
 * Guards all mevents. epoll_wait() returns pointers to them, so only the event
 * thread frees a deleted one, between two batches of events.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static SLIST_HEAD(, mevent) graveyard = SLIST_HEAD_INITIALIZER(graveyard);

static uint32_t epoll_events(const struct mevent *evp)
{
	if (!evp->enabled || evp->type == EVF_HANGUP)
		return 0; /* epoll reports hang-ups whatever is asked for */
	return evp->type == EVF_WRITE ? EPOLLOUT : EPOLLIN;
}

/*
 * A disabled event is removed from epoll, which reports hang-ups and errors
 * even for an empty set of events, so that the thread would spin.
 */
static int set_enabled(struct mevent *evp, bool enable)
{
	struct epoll_event ev = { .data.ptr = evp };
	int ret;

	if (evp->enabled == enable)
		return 0;
	evp->enabled = enable;
	ev.events = epoll_events(evp);
	ret = epoll_ctl(epoll_fd, enable ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
			evp->poll_fd, &ev);
	return ret < 0 ? -errno : 0;
}

static int signal_fd(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int open_poll_fd(int fd, enum ev_type type)
{
	switch (type) {
	case EVF_TIMER:
		return timerfd_create(CLOCK_MONOTONIC,
				      TFD_CLOEXEC | TFD_NONBLOCK);
	case EVF_SIGNAL:
		return signal_fd(fd);
	default:
		return dup(fd);
	}
}

static struct mevent *new_mevent(int fd, enum ev_type type, mevent_func_t func,
				 void *arg)
{
	struct mevent *evp = calloc(1, sizeof(*evp));

	if (!evp)
		return NULL;
	evp->poll_fd = open_poll_fd(fd, type);
	if (evp->poll_fd < 0) {
		free(evp);
		return NULL;
	}
	evp->fd = fd;
	evp->type = type;
	evp->func = func;
	evp->arg = arg;
	return evp;
}

struct mevent *mevent_add_disabled(int fd, enum ev_type type,
				   mevent_func_t func, void *arg)
{
	return new_mevent(fd, type, func, arg);
}

struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg)
{
	struct mevent *evp = new_mevent(fd, type, func, arg);

	if (evp && mevent_enable(evp)) {
		close(evp->poll_fd);
		free(evp);
		return NULL;
	}
	return evp;
}

struct mevent *mevent_timer_add(mevent_func_t func, void *arg)
{
	return mevent_add(-1, EVF_TIMER, func, arg);
}

int mevent_timer(struct mevent *evp, uint64_t ns)
{
	struct itimerspec when = {
		.it_value.tv_sec = ns / NSEC_PER_SEC,
		.it_value.tv_nsec = ns % NSEC_PER_SEC,
	};

	return timerfd_settime(evp->poll_fd, 0, &when, NULL) < 0 ? -errno : 0;
}

int mevent_enable(struct mevent *evp)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = set_enabled(evp, true);
	pthread_mutex_unlock(&lock);
	return ret;
}

int mevent_disable(struct mevent *evp)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = set_enabled(evp, false);
	pthread_mutex_unlock(&lock);
	return ret;
}

int mevent_delete(struct mevent *evp)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = set_enabled(evp, false);
	evp->deleted = true;
	close(evp->poll_fd);
	SLIST_INSERT_HEAD(&graveyard, evp, grave);
	pthread_mutex_unlock(&lock);
	return ret;
}

int mevent_delete_close(struct mevent *evp)
{
	int fd = evp->fd;
	int ret = mevent_delete(evp);

	close(fd);
	return ret;
}

int mevent_init(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };

	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (epoll_fd < 0 || wake_fd < 0 ||
	    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake_fd, &ev) < 0)
		return -errno;
	return 0;
}

/* A timer or signal stays readable until it is read. */
static bool consume(const struct mevent *evp)
{
	struct signalfd_siginfo info;
	uint64_t expirations;

	switch (evp->type) {
	case EVF_TIMER:
		return read(evp->poll_fd, &expirations, sizeof(expirations)) >
		       0;
	case EVF_SIGNAL:
		return read(evp->poll_fd, &info, sizeof(info)) > 0;
	default:
		return true;
	}
}

static void call_back(struct mevent *evp)
{
	bool live;

	pthread_mutex_lock(&lock);
	live = evp->enabled && !evp->deleted && consume(evp);
	pthread_mutex_unlock(&lock);
	if (live)
		evp->func(evp->fd, evp->type, evp->arg);
}

static void bury(void)
{
	struct mevent *evp;

	pthread_mutex_lock(&lock);
	while ((evp = SLIST_FIRST(&graveyard))) {
		SLIST_REMOVE_HEAD(&graveyard, grave);
		free(evp);
	}
	pthread_mutex_unlock(&lock);
}

static bool is_stopping(void)
{
	return breaking || __atomic_load_n(&stopping, __ATOMIC_ACQUIRE);
}

static void dispatch_batch(void)
{
	struct epoll_event events[16];
	int n;

	n = epoll_wait(epoll_fd, events, 16, -1);
	for (int i = 0; i < n && !is_stopping(); i++)
		if (events[i].data.ptr)
			call_back(events[i].data.ptr);
	bury();
}

void mevent_dispatch(void)
{
	while (!is_stopping())
		dispatch_batch();
	breaking = false;
}

void mevent_break(void)
{
	breaking = true;
}

void mevent_stop(void)
{
	uint64_t one = 1;

	/*
	 * Pairs with the acquire in is_stopping():
	 * tests/litmus/message.litmus.
	 */
	__atomic_store_n(&stopping, true, __ATOMIC_RELEASE);
	if (write(wake_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full, so the thread is awake */
}
