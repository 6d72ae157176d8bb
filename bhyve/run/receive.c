/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/file_lock.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/sockets.h"
#include "bhyve/config/config.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/receive.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/run/wire.h"
#include "lib/peer.h"

/* Longer than the sender waits, so that the sender ends first and decides. */
#define PATIENCE_MS 60000

static struct {
	bool waiting;
	int listen_fd; /* -1: the other side is connected already */
	int fd;
	struct mevent *event;
	struct snapshot_reader reader;
	bool compared;
} in = { .listen_fd = -1, .fd = -1 };

static const char *place(void)
{
	return get_config_value("receive");
}

bool receive_is_waiting(void)
{
	return in.waiting;
}

/*
 * Duplicates the inherited descriptor, which close_inherited() is going to close. At
 * start-up, before the sandbox.
 */
static int take_descriptor(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	in.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return in.fd < 0 ? -errno : 0;
}

static int open_place(const struct peer *peer)
{
	if (peer->kind == PEER_FD)
		return take_descriptor(peer->fd);
	in.listen_fd = peer->kind == PEER_UNIX ? unix_listen(peer->path) :
						 peer_listen_tcp(peer);
	return in.listen_fd < 0 ? in.listen_fd : 0;
}

void receive_open(void)
{
	struct peer peer;
	int ret;

	if (!place())
		return;
	if (get_config_value("restore"))
		die("-R and -r: a guest comes from one of them");
	if (!peer_parse(place(), &peer))
		die("-R %s: give unix:PATH, tcp:[ADDRESS:]PORT or fd:N",
		    place());
	ret = open_place(&peer);
	if (ret == -EADDRNOTAVAIL)
		die("-R %s: this host has no such address", place());
	if (ret)
		die("-R %s: %s", place(), strerror(-ret));
	in.waiting = true;
	file_locks_wait();
}

/* Tells both sides why the guest does not come. */
static void __attribute__((noreturn)) turn_away(const char *why)
{
	char line[WIRE_LINE_LEN];

	snprintf(line, sizeof(line) - 1, "no %s", why);
	strcat(line, "\n");
	wire_say(in.fd, line);
	die("-R %s: %s", place(), why);
}

static void __attribute__((noreturn)) refuse_section(const char *why)
{
	char text[SNAPSHOT_ERROR_LEN];

	snprintf(text, sizeof(text), "section %s: %s", in.reader.last, why);
	turn_away(text);
}

/* The guest still runs on the sending side, if that has not ended. */
static void __attribute__((noreturn)) refuse_stream(int ret)
{
	char text[SNAPSHOT_ERROR_LEN];

	if (ret == -ETIMEDOUT)
		turn_away("the other side has been silent for 60 seconds");
	if (ret == -EPROTO)
		snprintf(text, sizeof(text), "what comes %s", in.reader.error);
	else
		snprintf(text, sizeof(text), "the other side: %s",
			 strerror(-ret));
	turn_away(text);
}

/* Waits for the next section; 0 is the mark of the end. */
static int next(struct section *section)
{
	int ret;

	while ((ret = snapshot_next(&in.reader, section)) == -EAGAIN) {
		ret = wire_wait(in.fd, POLLIN, -1, PATIENCE_MS);
		if (ret)
			break;
	}
	if (ret < 0)
		refuse_stream(ret);
	return ret;
}

/*
 * The vCPUs have stopped on the other side. From here on no event is handled, because
 * a device that is loaded would go on with its requests, which are still the other
 * side's.
 */
static void load_rest(void)
{
	char error[SNAPSHOT_ERROR_LEN];
	struct section section;
	const char *locked;

	while (next(&section))
		if (snapshot_load(&section, error))
			turn_away(error);
	if (snapshot_complete(error))
		turn_away(error);
	wire_say(in.fd, "ready\n");
	if (!next(&section) || strcmp(section.tag, "go"))
		refuse_section("it is not where it belongs");
	locked = file_locks_take();
	if (locked) {
		snprintf(error, sizeof(error), "%s is in use by another VM",
			 locked);
		turn_away(error);
	}
	wire_say(in.fd, "running\n");
	in.waiting = false;
}

static void compare(const struct section *section)
{
	char error[SNAPSHOT_ERROR_LEN];
	int ret = snapshot_compare(section, error);

	if (ret < 0)
		turn_away(error);
	if (!ret)
		return;
	in.compared = true;
	wire_say(in.fd, "ok\n");
}

/* True: this was the last of memory. */
static bool take_memory(const struct section *section)
{
	const char *why = migrate_ram_take(section);

	if (why)
		refuse_section(why);
	return !strcmp(section->tag, "copied");
}

static void on_readable(int fd, enum ev_type type, void *arg)
{
	struct section section;
	int ret = snapshot_next(&in.reader, &section);

	(void)fd, (void)type, (void)arg;
	if (ret == -EAGAIN)
		return;
	if (ret < 0)
		refuse_stream(ret);
	if (!in.compared) {
		compare(&section);
	} else if (take_memory(&section)) {
		load_rest();
		mevent_delete(in.event);
		mevent_break();
	}
}

static void begin(void)
{
	in.compared = false;
	snapshot_attach(&in.reader, in.fd);
	in.event = mevent_add(in.fd, EVF_READ, on_readable, NULL);
	if (!in.event)
		die("-R %s: not a socket, or no memory", place());
}

static void on_connect(int fd, enum ev_type type, void *arg)
{
	int client = accept_client(fd);

	(void)type, (void)arg;
	if (client < 0)
		return;
	in.fd = client;
	mevent_delete_close(in.event);
	begin();
}

void receive_machine(void)
{
	if (in.listen_fd < 0)
		begin();
	else
		in.event = mevent_add(in.listen_fd, EVF_READ, on_connect, NULL);
	if (!in.event)
		die("out of memory");
	mevent_dispatch();
	if (in.waiting)
		exit(vm_status());
	snapshot_close(&in.reader);
	close(in.fd);
}
