/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The side that a guest comes to: what it answers, and that it runs nothing unless it
 * has everything and was told to. It is a process of its own here, and the test is the
 * other side.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bhyve/base/file_lock.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/sockets.h"
#include "bhyve/config/config.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/receive.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/run/wire.h"
#include "lib/vmmapi.h"

#define PAGE  4096u
#define PAGES 64u
#define BASE  UINT64_C(0x40000000)
/* exit statuses of the receiver */
#define RUNS  33
#define ERROR 4

static uint8_t mem[PAGES * PAGE];
static char place[16];
static bool loaded, lock_is_lost;

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

int vm_get_dirty(struct vmctx *ctx, uint64_t gpa, uint64_t len,
		 uint64_t *bitmap)
{
	(void)ctx, (void)gpa, (void)len, (void)bitmap;
	return 0;
}

int snapshot_ram_put(int fd, const void *data, size_t len, uint64_t offset)
{
	(void)fd, (void)data, (void)len, (void)offset;
	return -EIO;
}

void snapshot_ram_existing(uint64_t *bitmap)
{
	(void)bitmap;
}

const char *get_config_value(const char *path)
{
	return strcmp(path, "receive") ? NULL : place;
}

int unix_listen(const char *path)
{
	(void)path;
	return -EINVAL;
}

int accept_client(int listen_fd)
{
	(void)listen_fd;
	return -1;
}

void file_locks_wait(void)
{
}

const char *file_locks_take(void)
{
	return lock_is_lost ? "disk.img" : NULL;
}

enum bhyve_status vm_status(void)
{
	return BHYVE_POWEROFF;
}

int snapshot_compare(const struct section *section,
		     char error[SNAPSHOT_ERROR_LEN])
{
	snprintf(error, SNAPSHOT_ERROR_LEN, "2 CPUs");
	return section->len ? -1 : !strcmp(section->tag, "thing");
}

int snapshot_load(const struct section *section, char error[SNAPSHOT_ERROR_LEN])
{
	snprintf(error, SNAPSHOT_ERROR_LEN, "no such part");
	loaded = !strcmp(section->tag, "thing");
	return loaded ? 0 : -1;
}

int snapshot_complete(char error[SNAPSHOT_ERROR_LEN])
{
	snprintf(error, SNAPSHOT_ERROR_LEN, "no thing");
	return loaded ? 0 : -1;
}

static void __attribute__((noreturn)) receive(int fd)
{
	snprintf(place, sizeof(place), "fd:%d", fd);
	dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
	if (mevent_init())
		_exit(1);
	receive_open();
	close(fd);
	migrate_ram_init(NULL, BASE, sizeof(mem));
	receive_machine();
	_exit(!receive_is_waiting() && mem[5 * PAGE] == 55 && !mem[6 * PAGE] ?
		      RUNS :
		      1);
}

static struct wire wire;
static pid_t receiver;
static struct snapshot_writer w;

static int setup(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	mem[6 * PAGE] = 6;
	receiver = fork();
	if (!receiver) {
		close(fds[0]);
		receive(fds[1]);
	}
	close(fds[1]);
	wire = (struct wire){ .fd = fds[0] };
	snapshot_begin(&w);
	return 0;
}

static void flush(void)
{
	wire.out = w.data;
	wire.left = w.len;
	assert_int_equal(wire_flush(&wire), 0);
	snapshot_clear(&w);
}

static void hears(const char *line)
{
	int ret;

	flush();
	while ((ret = wire_line(&wire)) == -EAGAIN)
		assert_int_equal(wire_wait(wire.fd, POLLIN, -1, 60000), 0);
	assert_int_equal(ret, 0);
	assert_string_equal(wire.line, line);
}

static void ends(int expected)
{
	int status;

	close(wire.fd);
	assert_int_equal(waitpid(receiver, &status, 0), receiver);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
	snapshot_free(&w);
}

static void plan(void)
{
	snapshot_put(&w, "machine", 0, 1, NULL, 0);
	snapshot_put(&w, "parts", 0, 1, NULL, 0);
	snapshot_put(&w, "thing", 0, 1, NULL, 0);
	hears("ok");
}

static void page(uint64_t number, uint8_t val)
{
	static uint8_t data[8 + PAGE];

	memcpy(data, &number, sizeof(number));
	data[8] = val;
	snapshot_put(&w, "pages", 0, 1, data, sizeof(data));
}

static void memory(uint64_t pages)
{
	struct migrate_copied copied = { pages, 1 };
	uint64_t zero = 6;

	page(5, 55);
	snapshot_put(&w, "zeroes", 0, 1, &zero, sizeof(zero));
	snapshot_put(&w, "copied", 0, 1, &copied, sizeof(copied));
}

static void rest(void)
{
	memory(1);
	snapshot_put(&w, "thing", 0, 1, "x", 1);
	snapshot_end(&w);
	hears("ready");
}

static void it_runs_when_told(void **state)
{
	(void)state;
	plan();
	rest();
	snapshot_put(&w, "go", 0, 1, NULL, 0);
	hears("running");
	ends(RUNS);
}

static void not_untold(void **state)
{
	(void)state;
	plan();
	rest();
	ends(ERROR);
}

static void not_by_another_word(void **state)
{
	(void)state;
	plan();
	rest();
	snapshot_put(&w, "gone", 0, 1, NULL, 0);
	hears("no section gone: it is not where it belongs");
	ends(ERROR);
}

static void not_without_its_disk(void **state)
{
	(void)state;
	plan();
	rest();
	snapshot_put(&w, "go", 0, 1, NULL, 0);
	hears("no disk.img is in use by another VM");
	ends(ERROR);
}

static int setup_locked(void **state)
{
	int ret;

	lock_is_lost = true;
	ret = setup(state);
	lock_is_lost = false;
	return ret;
}

static void not_of_another_plan(void **state)
{
	(void)state;
	snapshot_put(&w, "machine", 0, 1, "x", 1);
	hears("no 2 CPUs");
	ends(ERROR);
}

static void not_without_a_part(void **state)
{
	(void)state;
	plan();
	memory(1);
	snapshot_end(&w);
	hears("no no thing");
	ends(ERROR);
}

static void not_without_a_page(void **state)
{
	(void)state;
	plan();
	memory(2);
	hears("no section copied: not all pages of memory have come");
	ends(ERROR);
}

static void not_beyond_memory(void **state)
{
	(void)state;
	plan();
	page(PAGES, 1);
	hears("no section pages: a page is outside of RAM");
	ends(ERROR);
}

static void not_damaged(void **state)
{
	(void)state;
	plan();
	page(5, 55);
	w.data[w.len - 1] ^= 1;
	hears("no what comes section pages is damaged");
	ends(ERROR);
}

/* The other side is killed in the middle. */
static void not_the_beginning(void **state)
{
	size_t len;

	(void)state;
	plan();
	memory(1);
	snapshot_put(&w, "thing", 0, 1, "x", 1);
	len = w.len;
	w.len = len / 2;
	flush();
	ends(ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_runs_when_told, setup),
		cmocka_unit_test_setup(not_untold, setup),
		cmocka_unit_test_setup(not_by_another_word, setup),
		cmocka_unit_test_setup(not_without_its_disk, setup_locked),
		cmocka_unit_test_setup(not_of_another_plan, setup),
		cmocka_unit_test_setup(not_without_a_part, setup),
		cmocka_unit_test_setup(not_without_a_page, setup),
		cmocka_unit_test_setup(not_beyond_memory, setup),
		cmocka_unit_test_setup(not_damaged, setup),
		cmocka_unit_test_setup(not_the_beginning, setup),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
