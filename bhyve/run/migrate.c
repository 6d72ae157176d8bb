/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/file_lock.h"
#include "bhyve/base/mevent.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/precopy.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/run/wire.h"
#include "bhyve/virtio/virtio.h"

/* How long the other side may take nothing, or give no answer. */
#define PATIENCE_MS 30000
#define PATIENCE_NS (UINT64_C(1000000) * PATIENCE_MS)

static struct {
	enum migrate_state state;
	bool greeted; /* the other side has agreed to the plan */
	struct wire wire;
	struct snapshot_writer w;
	struct mevent *readable, *writable, *patience;
	int client_fd;
	precopy_done_t done;
	void *arg;
	uint64_t count; /* the guest's time when it was stopped */
} m;

enum migrate_state migrate_state(void)
{
	return m.state;
}

static void delete_event(struct mevent **evp)
{
	if (*evp)
		mevent_delete(*evp);
	*evp = NULL;
}

/*
 * Ends the migration. Without an @error the guest runs on the other side; with one
 * it goes on here, or stays paused if @state is MIGRATE_IN_DOUBT.
 */
static void end(enum migrate_state state, const char *error)
{
	struct precopy_report report;

	precopy_end(&report);
	delete_event(&m.readable);
	delete_event(&m.writable);
	delete_event(&m.patience);
	snapshot_free(&m.w);
	m.state = state;
	if (error && state == MIGRATE_NONE)
		virtio_hold(false);
	if (m.done)
		m.done(m.arg, error, &report);
	m.done = NULL;
}

static void fail(const char *error)
{
	end(MIGRATE_NONE, error);
}

static const char *text_of_error(int error)
{
	switch (error) {
	case -EPIPE:
	case -ECONNRESET:
		return "the other side has gone";
	case -ETIMEDOUT:
		return "the other side has neither taken anything nor answered"
		       " for 30 seconds";
	case -EPROTO:
		return "the other side is no bhyve -R";
	case -ECANCELED:
		return "canceled";
	default:
		return strerror(-error);
	}
}

/* The other side's reason follows the word "no". */
static const char *refusal(void)
{
	static char text[WIRE_LINE_LEN + 32];

	if (strncmp(m.wire.line, "no ", 3))
		return text_of_error(-EPROTO);
	snprintf(text, sizeof(text), "the other side: %.*s", WIRE_LINE_LEN,
		 m.wire.line + 3);
	return text;
}

/* A side that refuses says why before it goes. */
static const char *text_of_loss(int error)
{
	if ((error == -EPIPE || error == -ECONNRESET) && !wire_line(&m.wire))
		return refusal();
	return text_of_error(error);
}

static void send_writer(void)
{
	m.wire.out = m.w.data;
	m.wire.left = m.w.len;
}

/* Waits until all is sent. 0 or a negative errno. */
static int send_all(void)
{
	int ret = m.w.failed ? -ENOMEM : 0;

	send_writer();
	while (!ret && (ret = wire_flush(&m.wire)) == -EAGAIN)
		ret = wire_wait(m.wire.fd, POLLOUT, m.client_fd, PATIENCE_MS);
	snapshot_clear(&m.w);
	return ret;
}

/* Waits for the line @wanted. NULL, or what came instead. */
static const char *wait_for(const char *wanted, int client_fd)
{
	int ret;

	while ((ret = wire_line(&m.wire)) == -EAGAIN) {
		ret = wire_wait(m.wire.fd, POLLIN, client_fd, PATIENCE_MS);
		if (ret)
			break;
	}
	if (ret)
		return text_of_error(ret);
	return strcmp(m.wire.line, wanted) ? refusal() : NULL;
}

static int send_rest_of_memory(void)
{
	int64_t n = migrate_ram_list();
	int ret = n < 0 ? (int)n : 0;

	while (!ret && migrate_ram_next(&m.w))
		ret = send_all();
	migrate_ram_put_copied(&m.w);
	return ret ? ret : send_all();
}

/*
 * The state is collected before memory, because devices that finish their requests
 * write there. Until "ready" comes the guest may go on here.
 */
static const char *send_rest(void)
{
	static char error[SNAPSHOT_ERROR_LEN];
	struct snapshot_writer state = { 0 };
	const char *wrong = NULL;
	int ret;

	if (snapshot_collect(&state, m.count, error))
		wrong = error;
	if (!wrong && (ret = send_rest_of_memory()))
		wrong = text_of_loss(ret);
	if (!wrong) {
		snapshot_free(&m.w);
		m.w = state;
		snapshot_end(&m.w);
		if ((ret = send_all()))
			wrong = text_of_loss(ret);
	} else {
		snapshot_free(&state);
	}
	return wrong ? wrong : wait_for("ready", m.client_fd);
}

/* The other side has refused the guest, or was never told to run it. */
static void keep(const char *error)
{
	const char *path = file_locks_take();

	if (!path) {
		precopy_go_on();
		fail(error);
		return;
	}
	eprintln("%s is in use by another VM, so the guest stays paused: end"
		 " that one, then bhyvectl --migrate=cancel",
		 path);
	end(MIGRATE_IN_DOUBT, error);
}

static void explain_doubt(const char *why)
{
	eprintln("the other side was told to run the guest, and its answer has"
		 " not come (%s). If it does not run there, let it go on here:"
		 " bhyvectl --migrate=cancel; else end it here: bhyvectl"
		 " --force-poweroff",
		 why);
}

/*
 * From the word "go" on the guest never runs here again, unless the other side says
 * that it does not run there, or the user does (migrate_cancel()).
 */
static void let_go(void)
{
	const char *wrong;
	size_t len;
	int ret;

	file_locks_release();
	snapshot_put(&m.w, "go", 0, 1, NULL, 0);
	len = m.w.len;
	ret = send_all();
	if (ret && m.wire.left == len) {
		keep(text_of_error(ret));
		return;
	}
	wrong = wait_for("running", -1);
	if (!wrong) {
		precopy_has_gone();
		end(MIGRATE_NONE, NULL);
		end_vm(BHYVE_SUSPENDED);
		return;
	}
	if (!strncmp(m.wire.line, "no ", 3) && !m.wire.len) {
		keep(wrong);
		return;
	}
	explain_doubt(wrong);
	end(MIGRATE_IN_DOUBT,
	    "the other side was told to run it, and has not answered: look"
	    " whether it runs there; --migrate=cancel lets it go on here");
}

static void hand_over(void)
{
	const char *wrong = precopy_stop(&m.count);

	if (wrong) {
		fail(wrong);
		return;
	}
	wrong = send_rest();
	if (wrong) {
		precopy_go_on();
		fail(wrong);
	} else {
		let_go();
	}
}

static void end_round(void)
{
	int next = precopy_end_round();

	if (next < 0)
		fail(strerror(-next));
	else if (next == PRECOPY_STOP)
		hand_over();
	else if (next == PRECOPY_LOST)
		fail("given up: the guest writes to its memory faster than the"
		     " other side takes it");
}

/* False: the migration has ended. */
static bool send_more(void)
{
	snapshot_clear(&m.w);
	if (!migrate_ram_next(&m.w))
		end_round();
	if (m.state != MIGRATE_COPYING)
		return false;
	if (m.w.failed) {
		fail(strerror(ENOMEM));
		return false;
	}
	precopy_piece();
	send_writer();
	return true;
}

static void on_writable(int fd, enum ev_type type, void *arg)
{
	int ret = wire_flush(&m.wire);

	(void)fd, (void)type, (void)arg;
	if (ret == -EAGAIN)
		return;
	if (ret) {
		fail(text_of_loss(ret));
		return;
	}
	mevent_timer(m.patience, PATIENCE_NS);
	if (!m.greeted)
		mevent_disable(m.writable);
	else
		send_more();
}

static void on_readable(int fd, enum ev_type type, void *arg)
{
	int ret = wire_line(&m.wire);

	(void)fd, (void)type, (void)arg;
	if (ret == -EAGAIN)
		return;
	if (ret) {
		fail(text_of_error(ret));
	} else if (m.greeted || strcmp(m.wire.line, "ok")) {
		fail(refusal());
	} else {
		m.greeted = true;
		mevent_timer(m.patience, PATIENCE_NS);
		mevent_enable(m.writable);
	}
}

static void on_patience(int fd, enum ev_type type, void *arg)
{
	(void)fd, (void)type, (void)arg;
	fail(text_of_error(-ETIMEDOUT));
}

static const char *obstacle(void)
{
	static char text[160];

	if (precopy_busy())
		return precopy_busy();
	if (m.state == MIGRATE_IN_DOUBT)
		return "it may run on the other side; --migrate=cancel lets it"
		       " go on here";
	if (vcpus_paused())
		return "it is paused: --resume it first";
	if (get_config_bool_default("restart_on_reboot", false))
		return "restart_on_reboot needs the files that the guest was"
		       " started with, and they are not on the other side";
	if (!written_by_others())
		return NULL;
	snprintf(text, sizeof(text),
		 "%s: its back end (vhost-user) writes to the guest's memory,"
		 " and bhyve does not see where",
		 written_by_others());
	return text;
}

static bool add_events(void)
{
	m.readable = mevent_add(m.wire.fd, EVF_READ, on_readable, NULL);
	m.writable = mevent_add(m.wire.fd, EVF_WRITE, on_writable, NULL);
	m.patience = mevent_timer_add(on_patience, NULL);
	return m.readable && m.writable && m.patience;
}

const char *migrate_start(int fd, int client_fd, precopy_done_t done, void *arg)
{
	const char *wrong = obstacle();

	if (wrong)
		return wrong;
	wrong = precopy_begin(&m.w, "it is being migrated: --migrate=cancel"
				    " ends that");
	if (wrong) {
		snapshot_free(&m.w);
		return wrong;
	}
	m.state = MIGRATE_COPYING;
	m.greeted = false;
	m.wire = (struct wire){ .fd = fd };
	m.client_fd = client_fd;
	send_writer();
	if (!add_events()) {
		end(MIGRATE_NONE, NULL);
		return "out of memory";
	}
	m.done = done;
	m.arg = arg;
	mevent_timer(m.patience, PATIENCE_NS);
	return NULL;
}

const char *migrate_cancel(void)
{
	if (m.state == MIGRATE_NONE)
		return "it is not being migrated";
	if (m.state == MIGRATE_COPYING) {
		fail(text_of_error(-ECANCELED));
		return NULL;
	}
	if (file_locks_take())
		return "its disks are in use: it runs on the other side";
	m.state = MIGRATE_NONE;
	precopy_go_on();
	return NULL;
}
