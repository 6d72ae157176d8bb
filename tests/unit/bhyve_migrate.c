/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The side that a guest leaves: what it sends, and that it goes on here whatever the
 * other side does, unless that has been told to run it. The other side is a thread that
 * plays a script; vmm.ko's log is a bitmap here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bhyve/base/debug.h"
#include "bhyve/base/file_lock.h"
#include "bhyve/base/mevent.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/written.h"
#include "bhyve/run/checkpoint.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/run/wire.h"
#include "bhyve/virtio/virtio.h"
#include "lib/vmmapi.h"

#define PAGE  4096u
#define PAGES 1024u
#define BASE  UINT64_C(0x40000000)

static uint8_t *mem;
static uint64_t dirty[PAGES / 64];
static unsigned int calls;
static bool paused, locked, moved_away;
static bool file_is_full;
static bool held;	  /* requests of devices */
static bool unsaveable;	  /* a device cannot be saved now */
static bool lock_is_lost; /* another VM takes it at once */

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx, (void)gpa, (void)len;
	return mem;
}

int vm_log_dirty(struct vmctx *ctx, uint64_t gpa, bool on)
{
	(void)ctx, (void)gpa, (void)on;
	return 0;
}

/*
 * The guest writes to page 3 before each call, and before the first ones to a page that
 * it never writes to again.
 */
int vm_get_dirty(struct vmctx *ctx, uint64_t gpa, uint64_t len,
		 uint64_t *bitmap)
{
	(void)ctx, (void)gpa;
	assert_int_equal(len, PAGES * PAGE);
	memcpy(bitmap, dirty, sizeof(dirty));
	memset(dirty, 0, sizeof(dirty));
	if (paused)
		return 0;
	mem[3 * PAGE]++;
	bitmap[0] |= 1 << 3;
	if (calls >= 20)
		return 0;
	mem[(20 + calls) * PAGE] = 77;
	bitmap[0] |= UINT64_C(1) << (20 + calls++);
	return 0;
}

static const uint64_t image = 0x10000;

int snapshot_ram_make_room(int fd, struct snapshot_memory *memory)
{
	*memory = (struct snapshot_memory){ .offset = image,
					    .len = PAGES * PAGE };
	return ftruncate(fd, (off_t)(image + PAGES * PAGE)) ? -errno : 0;
}

int snapshot_ram_put(int fd, const void *data, size_t len, uint64_t offset)
{
	if (file_is_full)
		return -ENOSPC;
	return pwrite(fd, data, len, (off_t)offset) == (ssize_t)len ? 0 : -EIO;
}

/* The state of the parts belongs to the memory that is in the file by then. */
int snapshot_put_file(struct snapshot_writer *w, int fd,
		      const struct snapshot_memory *memory,
		      char error[SNAPSHOT_ERROR_LEN])
{
	(void)error;
	assert_true(w->len > 0);
	assert_false(paused);
	assert_int_equal(pwrite(fd, memory, sizeof(*memory), 0),
			 sizeof(*memory));
	return 0;
}

void snapshot_ram_existing(uint64_t *bitmap)
{
	memset(bitmap, 0xff, PAGES / 8);
}

int vm_get_time(struct vmctx *ctx, uint64_t *count)
{
	(void)ctx;
	*count = 1;
	return 0;
}

int vm_set_time(struct vmctx *ctx, uint64_t count)
{
	(void)ctx, (void)count;
	return 0;
}

bool get_config_bool_default(const char *path, bool def)
{
	(void)path;
	return def;
}

bool vcpus_pause(struct vmctx *ctx)
{
	(void)ctx;
	paused = true;
	return true;
}

void vcpus_resume(struct vmctx *ctx)
{
	(void)ctx;
	assert_true(locked);
	paused = false;
}

bool vcpus_paused(void)
{
	return paused;
}

void vcpus_throttle(struct vmctx *ctx, bool on)
{
	(void)ctx, (void)on;
}

void virtio_hold(bool on)
{
	held = on;
}

void end_vm(enum bhyve_status status)
{
	assert_int_equal(status, BHYVE_SUSPENDED);
	moved_away = true;
}

void file_locks_release(void)
{
	locked = false;
}

const char *file_locks_take(void)
{
	locked = !lock_is_lost;
	return locked ? NULL : "disk";
}

void eprintln(const char *fmt, ...)
{
	(void)fmt;
}

int snapshot_put_plan(struct snapshot_writer *w, char error[SNAPSHOT_ERROR_LEN])
{
	strcpy(error, "a disk cannot be saved");
	assert_true(paused);
	snapshot_put(w, "parts", 0, 1, NULL, 0);
	return unsaveable ? -1 : 0;
}

/* A device that still finishes a request writes to page 9. */
int snapshot_collect(struct snapshot_writer *w, uint64_t count,
		     char error[SNAPSHOT_ERROR_LEN])
{
	(void)count, (void)error;
	assert_true(paused);
	mem[9 * PAGE] = 99;
	guest_written(&mem[9 * PAGE], 1);
	snapshot_put(w, "thing", 0, 1, "x", 1);
	return 0;
}

/* What the other side does. */
enum script {
	GOOD,
	LEAVES_AT_ONCE,
	REFUSES_PLAN,
	REFUSES_PAGES,
	LEAVES_BEFORE_READY,
	REFUSES_STATE,
	REFUSES_TO_GO,
	LEAVES_AFTER_GO,
	BABBLES,
	SILENT_AT_READY, /* until the client hangs up */
};

static struct {
	enum script script;
	int fd;
	int client; /* the test's end */
	uint8_t *mem;
	unsigned int npages;
	bool told_to_go;
} other;

/* True: a page of memory. */
static bool take(const struct section *s)
{
	size_t n = s->len / (PAGE + 8);

	if (strcmp(s->tag, "pages") && strcmp(s->tag, "zeroes"))
		return false;
	if (!strcmp(s->tag, "zeroes")) {
		for (size_t i = 0; i < s->len / 8; i++)
			memset(other.mem + ((uint64_t *)s->data)[i] * PAGE, 0,
			       PAGE);
		return true;
	}
	for (size_t i = 0; i < n; i++)
		memcpy(other.mem + ((const uint64_t *)s->data)[i] * PAGE,
		       s->data + n * 8 + i * PAGE, PAGE);
	other.npages += n;
	return true;
}

static void say(const char *line)
{
	wire_say(other.fd, line);
}

static void play(struct snapshot_reader *r)
{
	struct section s;

	if (other.script == LEAVES_AT_ONCE)
		return;
	if (snapshot_next(r, &s) != 1 || strcmp(s.tag, "parts"))
		return;
	if (other.script == REFUSES_PLAN) {
		say("no 2 CPUs\n");
		return;
	}
	say(other.script == BABBLES ? "hello\n" : "ok\n");
	while (snapshot_next(r, &s) == 1 && take(&s))
		if (other.script == REFUSES_PAGES) {
			say("no memory\n");
			return;
		}
	while (snapshot_next(r, &s) == 1)
		;
	if (other.script == LEAVES_BEFORE_READY)
		return;
	if (other.script == SILENT_AT_READY) {
		close(other.client);
		other.client = -1;
		snapshot_next(r, &s);
		return;
	}
	say(other.script == REFUSES_STATE ? "no such disk\n" : "ready\n");
	other.told_to_go = snapshot_next(r, &s) == 1 && !strcmp(s.tag, "go");
	if (other.script == REFUSES_TO_GO)
		say("no lock\n");
	else if (other.script != LEAVES_AFTER_GO)
		say("running\n");
}

static void *play_other(void *arg)
{
	struct snapshot_reader r;

	(void)arg;
	snapshot_attach(&r, other.fd);
	play(&r);
	snapshot_close(&r);
	close(other.fd);
	return NULL;
}

static char error[400];

static void done(void *arg, const char *why, const struct precopy_report *r)
{
	assert_ptr_equal(arg, &other);
	assert_non_null(r);
	strcpy(error, why ? why : "moved");
	mevent_break();
}

static void migrate(enum script script)
{
	int fds[2], client[2];
	pthread_t thread;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, client), 0);
	other.script = script;
	other.fd = fds[1];
	other.client = client[1];
	assert_null(migrate_start(fds[0], client[0], done, &other));
	assert_false(paused);
	assert_int_equal(pthread_create(&thread, NULL, play_other, NULL), 0);
	mevent_dispatch();
	close(fds[0]);
	pthread_join(thread, NULL);
	close(client[0]);
	close(other.client);
}

static void stays(enum script script, const char *why)
{
	migrate(script);
	assert_string_equal(error, why);
	assert_false(paused);
	assert_false(held);
	assert_true(locked);
	assert_false(moved_away);
	assert_int_equal(migrate_state(), MIGRATE_NONE);
}

static int setup(void **state)
{
	(void)state;
	mem = calloc(PAGES, PAGE);
	other.mem = calloc(PAGES, PAGE);
	other.npages = calls = 0;
	other.told_to_go = paused = moved_away = lock_is_lost = false;
	locked = true;
	for (unsigned int i = 0; i < PAGES; i += 2)
		mem[i * PAGE + i] = 1 + i % 255;
	precopy_init(NULL);
	migrate_ram_init(NULL, BASE, PAGES * PAGE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(mem);
	free(other.mem);
	return 0;
}

static void it_moves(void **state)
{
	(void)state;
	dirty[0] = 1 << 8;
	mem[8 * PAGE + 8] = 0; /* zero by the second round */
	migrate(GOOD);
	assert_string_equal(error, "moved");
	assert_true(paused);
	assert_true(held);
	assert_true(moved_away);
	assert_false(locked);
	assert_memory_equal(mem, other.mem, PAGES * PAGE);
	assert_int_equal(other.mem[9 * PAGE], 99);
	/* Pages that are zero are not sent. */
	assert_in_range(other.npages, PAGES / 2, PAGES / 2 + 30);
}

static void it_stays_unless_told(void **state)
{
	(void)state;
	stays(LEAVES_AT_ONCE, "the other side has gone");
	stays(REFUSES_PLAN, "the other side: 2 CPUs");
	stays(BABBLES, "the other side is no bhyve -R");
	stays(REFUSES_PAGES, "the other side: memory");
	stays(LEAVES_BEFORE_READY, "the other side has gone");
	stays(REFUSES_STATE, "the other side: such disk");
	stays(SILENT_AT_READY, "canceled");
	assert_false(other.told_to_go);
}

static void the_other_side_says_that_it_does_not_run(void **state)
{
	(void)state;
	stays(REFUSES_TO_GO, "the other side: lock");
	assert_true(other.told_to_go);
}

static void in_doubt_nobody_runs_it(void **state)
{
	(void)state;
	migrate(LEAVES_AFTER_GO);
	assert_true(other.told_to_go);
	assert_true(paused);
	assert_false(moved_away);
	assert_int_equal(migrate_state(), MIGRATE_IN_DOUBT);
	assert_true(held);
	assert_non_null(migrate_start(-1, -1, done, NULL));
	/* It runs there, and has the lock. */
	lock_is_lost = true;
	assert_non_null(migrate_cancel());
	assert_true(paused);
	lock_is_lost = false;
	assert_null(migrate_cancel());
	assert_false(paused);
	assert_false(held);
	assert_int_equal(migrate_state(), MIGRATE_NONE);
}

static void cancel_at_any_time(void **state)
{
	int fds[2];

	(void)state;
	assert_non_null(migrate_cancel());
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_null(migrate_start(fds[0], -1, done, &other));
	assert_int_equal(migrate_state(), MIGRATE_COPYING);
	assert_non_null(migrate_start(fds[0], -1, done, &other));
	assert_null(migrate_cancel());
	assert_string_equal(error, "canceled");
	mevent_dispatch(); /* done() has broken it off already */
	assert_int_equal(migrate_state(), MIGRATE_NONE);
	close(fds[0]);
	close(fds[1]);
}

static void a_device_that_cannot_be_saved_is_named(void **state)
{
	(void)state;
	unsaveable = true;
	assert_string_equal(migrate_start(-1, -1, done, NULL),
			    "a disk cannot be saved");
	unsaveable = false;
	assert_false(paused);
	assert_int_equal(migrate_state(), MIGRATE_NONE);
}

/* The file has memory as it was when the guest was stopped, and the guest runs on. */
static void a_checkpoint_is_of_one_moment(void **state)
{
	struct snapshot_memory memory;
	int fd = memfd_create("checkpoint", 0);
	unsigned int n = 0;

	(void)state;
	dirty[0] = 1 << 8;
	mem[8 * PAGE + 8] =
		0; /* zero by the second round, when the file has it */
	assert_true(checkpoint_is_live());
	assert_null(checkpoint_start(fd, done, &other));
	assert_non_null(strstr(migrate_start(-1, -1, done, NULL),
			       "a checkpoint is being taken"));
	assert_non_null(checkpoint_start(fd, done, &other));
	*error = '\0';
	mevent_dispatch();
	assert_string_equal(error, "moved");
	assert_false(paused);
	assert_false(held);
	assert_null(precopy_busy());
	assert_int_equal(pread(fd, other.mem, PAGES * PAGE, (off_t)image),
			 PAGES * PAGE);
	assert_memory_equal(mem, other.mem, PAGES * PAGE);
	assert_int_equal(other.mem[9 * PAGE], 99);
	for (unsigned int i = 0; i < PAGES; i++)
		n += memcmp(&mem[i * PAGE], &mem[i * PAGE + 1], PAGE - 1) ||
		     mem[i * PAGE];
	assert_int_equal(pread(fd, &memory, sizeof(memory), 0), sizeof(memory));
	assert_int_equal(memory.saved, n * PAGE);
	close(fd);
}

static void a_checkpoint_that_fails_changes_nothing(void **state)
{
	int fd = memfd_create("checkpoint", 0);

	(void)state;
	assert_string_equal(checkpoint_start(-1, done, &other),
			    "it has to go to a file");
	file_is_full = true;
	assert_null(checkpoint_start(fd, done, &other));
	mevent_dispatch();
	assert_string_equal(error, strerror(ENOSPC));
	file_is_full = false;
	assert_false(paused);
	assert_false(held);
	assert_null(checkpoint_start(fd, done, &other));
	checkpoint_cancel();
	assert_string_equal(error, "canceled");
	mevent_dispatch(); /* done() has broken it off already */
	assert_null(precopy_busy());
	close(fd);
}

static void back_ends_that_write_are_named(void **state)
{
	(void)state;
	written_by_back_end("virtio-net 3:0");
	assert_non_null(strstr(migrate_start(-1, -1, done, NULL),
			       "virtio-net 3:0: its back end (vhost-user)"));
	assert_false(checkpoint_is_live());
	written_by_back_end(NULL);
}

/* A receiver that is given pages that are none, or not all of them. */
static void pages_are_checked(void **state)
{
	uint64_t data[1 + PAGE / 8] = { PAGES };
	struct migrate_copied copied = { .pages = 1 };
	struct section s = { .tag = "pages",
			     .version = 1,
			     .len = sizeof(data),
			     .data = (const uint8_t *)data };

	(void)state;
	assert_string_equal(migrate_ram_take(&s), "a page is outside of RAM");
	data[0] = PAGES - 1;
	data[PAGE / 8] = 7;
	assert_null(migrate_ram_take(&s));
	assert_int_equal(mem[PAGES * PAGE - 8], 7);
	s.len--;
	assert_non_null(migrate_ram_take(&s));
	strcpy(s.tag, "zeroes");
	s.len = 8;
	assert_null(migrate_ram_take(&s));
	assert_int_equal(mem[PAGES * PAGE - 8], 0);
	data[0] = UINT64_MAX;
	assert_non_null(migrate_ram_take(&s));
	strcpy(s.tag, "copied");
	s.len = sizeof(copied);
	s.data = (const uint8_t *)&copied;
	assert_string_equal(migrate_ram_take(&s),
			    "not all pages of memory have come");
	copied.zeroes = 1;
	assert_null(migrate_ram_take(&s));
	s.version = 2;
	assert_non_null(migrate_ram_take(&s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_moves, setup, teardown),
		cmocka_unit_test_setup_teardown(it_stays_unless_told, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			the_other_side_says_that_it_does_not_run, setup,
			teardown),
		cmocka_unit_test_setup_teardown(in_doubt_nobody_runs_it, setup,
						teardown),
		cmocka_unit_test_setup_teardown(cancel_at_any_time, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_device_that_cannot_be_saved_is_named, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_checkpoint_is_of_one_moment,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_checkpoint_that_fails_changes_nothing, setup,
			teardown),
		cmocka_unit_test_setup_teardown(back_ends_that_write_are_named,
						setup, teardown),
		cmocka_unit_test_setup_teardown(pages_are_checked, setup,
						teardown),
	};

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(mevent_init(), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
