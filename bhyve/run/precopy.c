/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include "bhyve/config/config.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/precopy.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/virtio/virtio.h"
#include "lib/vmmapi.h"

/* So few pages that another round is not worth while. */
#define FEW_PAGES 64
/*
 * The guest is stopped if a round has not halved what is left, and that is at most
 * 1/REST_DIVISOR of what was copied.
 */
#define REST_DIVISOR 32
/* At full throttle the vCPUs run while one of 2^MAX_THROTTLE pieces is copied. */
#define MAX_THROTTLE 6
/* Gives up when it has copied this many times the size of RAM. */
#define LOST_TIMES 16

static struct {
	struct vmctx *ctx;
	const char *busy;
	uint64_t pieces, listed;
	unsigned int throttle;
	bool throttled;
	uint64_t count; /* the guest's time when it was stopped */
	uint64_t began_us, stopped_us;
	struct precopy_report report;
} p;

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void precopy_init(struct vmctx *ctx)
{
	p.ctx = ctx;
}

const char *precopy_busy(void)
{
	return p.busy;
}

static void throttle(bool on)
{
	if (on != p.throttled)
		vcpus_throttle(p.ctx, on);
	p.throttled = on;
}

/*
 * If nobody knows in the end where the guest runs, requests that it has made must not be
 * begun here either.
 */
const char *precopy_stop(uint64_t *count)
{
	const char *wrong = NULL;

	throttle(false);
	p.stopped_us = now_us();
	if (!vcpus_pause(p.ctx))
		wrong = "a virtual CPU did not stop in time";
	else if (vm_get_time(p.ctx, &p.count))
		wrong = "vmm.ko refused";
	if (wrong)
		vcpus_resume(p.ctx);
	else
		virtio_hold(true);
	*count = p.count;
	return wrong;
}

static void note_stop(void)
{
	p.report.stop_us += now_us() - p.stopped_us;
}

void precopy_has_gone(void)
{
	note_stop();
}

void precopy_go_on(void)
{
	if (get_config_bool_default("pause.stops_time", false))
		vm_set_time(p.ctx, p.count);
	vcpus_resume(p.ctx);
	virtio_hold(false);
	note_stop();
}

/*
 * The devices are drained meanwhile, so that the log misses no write. A part that cannot
 * be saved says so before anything is copied.
 */
const char *precopy_begin(struct snapshot_writer *plan, const char *busy)
{
	static char error[SNAPSHOT_ERROR_LEN];
	const char *wrong;
	uint64_t count;
	int ret = 0;

	p.report = (struct precopy_report){ 0 };
	p.began_us = now_us();
	p.pieces = p.listed = p.throttle = 0;
	wrong = precopy_stop(&count);
	if (wrong)
		return wrong;
	snapshot_begin(plan);
	if (snapshot_put_plan(plan, error))
		wrong = error;
	else
		ret = migrate_ram_begin();
	precopy_go_on();
	if (!wrong && !ret) {
		p.busy = busy;
		migrate_ram_list_existing();
	}
	return ret ? strerror(-ret) : wrong;
}

void precopy_piece(void)
{
	uint64_t mask = (UINT64_C(1) << p.throttle) - 1;

	throttle(p.pieces++ & mask);
}

static bool is_enough(uint64_t left)
{
	bool shrinks = left < p.listed / 2;

	return left <= FEW_PAGES ||
	       (!shrinks && left <= migrate_ram_sent() / REST_DIVISOR);
}

int precopy_end_round(void)
{
	int64_t left = migrate_ram_list();

	p.report.rounds++;
	if (left < 0)
		return (int)left;
	if (is_enough((uint64_t)left))
		return PRECOPY_STOP;
	if (migrate_ram_sent() > LOST_TIMES * migrate_ram_pages())
		return PRECOPY_LOST;
	if (p.report.rounds > 2 && (uint64_t)left >= p.listed / 2 &&
	    p.throttle < MAX_THROTTLE)
		p.throttle++;
	p.listed = (uint64_t)left;
	return PRECOPY_COPY;
}

void precopy_end(struct precopy_report *report)
{
	p.busy = NULL;
	throttle(false);
	migrate_ram_end();
	p.report.total_us = now_us() - p.began_us;
	p.report.bytes = migrate_ram_sent() * 4096;
	*report = p.report;
}
