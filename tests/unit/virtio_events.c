/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event thread for tests: events are handled when the test asks for it, in
 * the test's thread. A timer has always expired.
 */
#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "bhyve/base/mevent.h"
#include "tests/unit/virtio_machine.h"

struct mevent {
	int fd;
	enum ev_type type;
	mevent_func_t func;
	void *arg;
	bool enabled;
	bool armed; /* a timer */
	bool deleted;
};

static struct mevent *events[4096];
static unsigned int nevents;

struct mevent *mevent_add_disabled(int fd, enum ev_type type,
				   mevent_func_t func, void *arg)
{
	struct mevent *evp = calloc(1, sizeof(*evp));

	assert(evp && nevents < 4096);
	*evp = (struct mevent){ fd, type, func, arg, false, false, false };
	events[nevents++] = evp;
	return evp;
}

struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg)
{
	struct mevent *evp = mevent_add_disabled(fd, type, func, arg);

	evp->enabled = true;
	return evp;
}

struct mevent *mevent_timer_add(mevent_func_t func, void *arg)
{
	return mevent_add(-1, EVF_TIMER, func, arg);
}

int mevent_timer(struct mevent *evp, uint64_t ns)
{
	evp->armed = ns != 0;
	return 0;
}

int mevent_enable(struct mevent *evp)
{
	evp->enabled = true;
	return 0;
}

int mevent_disable(struct mevent *evp)
{
	evp->enabled = false;
	return 0;
}

/* Freed later, because it may be the one whose callback is running. */
int mevent_delete(struct mevent *evp)
{
	evp->enabled = false;
	evp->deleted = true;
	return 0;
}

int mevent_delete_close(struct mevent *evp)
{
	close(evp->fd);
	return mevent_delete(evp);
}

static bool due(struct mevent *evp)
{
	struct pollfd p = { .fd = evp->fd };

	if (!evp->enabled)
		return false;
	switch (evp->type) {
	case EVF_TIMER:
		return evp->armed;
	case EVF_READ:
		p.events = POLLIN;
		break;
	case EVF_WRITE:
		p.events = POLLOUT;
		break;
	case EVF_HANGUP:
		break;
	default:
		return false;
	}
	return poll(&p, 1, 0) > 0;
}

static bool call(struct mevent *evp)
{
	if (!due(evp))
		return false;
	evp->armed = false;
	evp->func(evp->fd, evp->type, evp->arg);
	return true;
}

static void bury(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < nevents; i++) {
		if (events[i]->deleted)
			free(events[i]);
		else
			events[n++] = events[i];
	}
	nevents = n;
}

void machine_events(void)
{
	bool any = true;
	int rounds;

	for (rounds = 0; any && rounds < 1000; rounds++) {
		unsigned int i;

		any = false;
		for (i = 0; i < nevents; i++)
			any |= call(events[i]);
		bury();
	}
}

void machine_event(int fd)
{
	unsigned int i;

	for (i = 0; i < nevents; i++)
		if (events[i]->fd == fd)
			call(events[i]);
}

void machine_forget_events(void)
{
	while (nevents)
		free(events[--nevents]);
}

void machine_signal(int signo)
{
	for (unsigned int i = 0; i < nevents; i++)
		if (events[i]->type == EVF_SIGNAL && events[i]->fd == signo &&
		    events[i]->enabled)
			events[i]->func(signo, EVF_SIGNAL, events[i]->arg);
}
