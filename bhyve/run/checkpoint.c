/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "bhyve/base/mevent.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/run/checkpoint.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/virtio/virtio.h"

static struct {
	int fd;
	struct snapshot_memory memory;
	struct mevent *turn; /* copies the next piece after other events */
	precopy_done_t done;
	void *arg;
} c;

bool checkpoint_is_live(void)
{
	return !vcpus_paused() && !written_by_others() &&
	       !get_config_bool_default("restart_on_reboot", false);
}

static void end(const char *error)
{
	struct precopy_report report;

	mevent_delete(c.turn);
	c.turn = NULL;
	precopy_end(&report);
	virtio_hold(false);
	c.done(c.arg, error, &report);
}

/* Writes the devices' states and the pages that are left. 0; -1 with @error set. */
static int write_rest(struct snapshot_writer *w, uint64_t count,
		      char error[SNAPSHOT_ERROR_LEN])
{
	int64_t ret;

	if (snapshot_collect(w, count, error))
		return -1;
	/*
	 * Memory is written after the devices' states: to have its state collected
	 * a device ends its requests, and they write to memory.
	 */
	ret = migrate_ram_list();
	if (ret >= 0)
		while ((ret = migrate_ram_store(c.fd, &c.memory)) > 0)
			;
	if (ret)
		snprintf(error, SNAPSHOT_ERROR_LEN, "%s", strerror((int)-ret));
	return ret ? -1 : 0;
}

/* Stops the guest for the devices' states and the pages that are left. */
static void stop_and_write(void)
{
	static char error[SNAPSHOT_ERROR_LEN];
	struct snapshot_writer w;
	const char *wrong;
	uint64_t count;
	int ret;

	wrong = precopy_stop(&count);
	if (wrong) {
		end(wrong);
		return;
	}
	snapshot_begin(&w);
	ret = write_rest(&w, count, error);
	precopy_go_on();
	if (!ret)
		ret = snapshot_put_file(&w, c.fd, &c.memory, error);
	snapshot_free(&w);
	end(ret ? error : NULL);
}

static void end_round(void)
{
	int next = precopy_end_round();

	if (next < 0)
		end(strerror(-next));
	else if (next == PRECOPY_COPY)
		mevent_timer(c.turn, 1);
	else
		stop_and_write();
}

static void on_turn(int fd, enum ev_type type, void *arg)
{
	int more;

	(void)fd, (void)type, (void)arg;
	precopy_piece();
	more = migrate_ram_store(c.fd, &c.memory);
	if (more < 0)
		end(strerror(-more));
	else if (more)
		mevent_timer(c.turn, 1);
	else
		end_round();
}

static const char *begin(void)
{
	struct snapshot_writer plan = { 0 };
	int ret = snapshot_ram_make_room(c.fd, &c.memory);
	const char *wrong;

	if (ret)
		return strerror(-ret);
	/* Nobody compares the plan of a checkpoint, as the receiver of a guest does. */
	wrong = precopy_begin(&plan, "a checkpoint is being taken");
	snapshot_free(&plan);
	return wrong;
}

const char *checkpoint_start(int fd, precopy_done_t done, void *arg)
{
	const char *wrong = precopy_busy();
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		wrong = "it has to go to a file";
	if (wrong)
		return wrong;
	c.turn = mevent_timer_add(on_turn, NULL);
	if (!c.turn)
		return "out of memory";
	c.fd = fd;
	c.done = done;
	c.arg = arg;
	wrong = begin();
	if (wrong)
		mevent_delete(c.turn);
	else
		mevent_timer(c.turn, 1);
	return wrong;
}

void checkpoint_cancel(void)
{
	end("canceled");
}
