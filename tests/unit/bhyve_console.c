/* SPDX-License-Identifier: BSD-2-Clause */
/* Consoles on real descriptors, with the real event thread. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "bhyve/config/config.h"
#include "bhyve/console/console_impl.h"
#include "bhyve/base/sockets.h"
#include "lib/ctl_path.h"

/* Nothing frees a console, which lives as long as bhyve. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static char input[64];
static size_t ninput;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void on_readable(void *arg)
{
	struct console *cons = arg;

	pthread_mutex_lock(&lock);
	ninput += console_read(cons, (uint8_t *)input + ninput,
			       sizeof(input) - 1 - ninput);
	pthread_mutex_unlock(&lock);
}

static bool has_input(const char *want)
{
	bool same = false;

	for (int i = 0; i < 300 && !same; i++) {
		pthread_mutex_lock(&lock);
		same = !strcmp(input, want);
		pthread_mutex_unlock(&lock);
		usleep(10000);
	}
	return same;
}

static struct console *open_console(const char *spec)
{
	struct console *cons;

	memset(input, 0, sizeof(input));
	ninput = 0;
	assert_int_equal(console_open(spec, &cons), 0);
	console_listen(cons, on_readable, NULL, cons);
	console_want_input(cons, true);
	return cons;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(addr.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
			 0);
	return fd;
}

static void unix_socket(void **state)
{
	char spec[64], buf[16] = "", *path = spec + 5;
	struct console *cons;
	int fd;

	(void)state;
	snprintf(spec, sizeof(spec), "unix:/tmp/bhyve_console.%d", getpid());
	cons = open_console(spec);
	/* Without a client output is taken and dropped. */
	assert_int_equal(console_write(cons, (const uint8_t *)"x", 1), 1);
	fd = connect_to(path);
	assert_int_equal(write(fd, "in", 2), 2);
	assert_true(has_input("in"));
	assert_int_equal(console_write(cons, (const uint8_t *)"out", 3), 3);
	assert_int_equal(read(fd, buf, sizeof(buf)), 3);
	assert_string_equal(buf, "out");
	close(fd);
	/* The next client works like the first. */
	fd = connect_to(path);
	assert_int_equal(write(fd, "2", 1), 1);
	assert_true(has_input("in2"));
	/* And a second listener on the same path is refused. */
	assert_int_equal(unix_listen(path), -EADDRINUSE);
	close(fd);
}

/*
 * A client that attaches is sent the last output, whether others have read it or not,
 * and then the output that follows.
 */
static void ctl_has_a_backlog(void **state)
{
	static uint8_t block[CONSOLE_BACKLOG + 3];
	static char got[CONSOLE_BACKLOG];
	char path[256];
	struct console *cons;
	int fd;

	(void)state;
	init_config();
	setenv("XDG_RUNTIME_DIR", "/tmp", 1);
	assert_int_equal(ctl_directory(path, sizeof(path)), 0);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "console.%d", getpid());
	assert_int_equal(set_config_value("name", path), 0);
	assert_int_equal(ctl_console_path(get_config_value("name"), path,
					  sizeof(path)),
			 0);
	cons = open_console("ctl");
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = i % 251;
	assert_int_equal(console_write(cons, block, 2), 2);
	fd = connect_to(path);
	assert_int_equal(recv(fd, got, 2, MSG_WAITALL), 2);
	assert_memory_equal(got, block, 2);
	assert_int_equal(write(fd, "i", 1), 1);
	assert_true(has_input("i"));
	close(fd);
	assert_int_equal(console_write(cons, block + 2, sizeof(block) - 2),
			 sizeof(block) - 2);
	fd = connect_to(path);
	assert_int_equal(recv(fd, got, sizeof(got), MSG_WAITALL), sizeof(got));
	assert_memory_equal(got, block + 3, sizeof(got));
	close(fd);
}

/* Writes blocks until no more is taken; returns the number of bytes. */
static size_t fill(size_t (*put)(struct console *, const uint8_t *, size_t),
		   struct console *cons)
{
	uint8_t block[1000];
	size_t total = 0, n;

	do {
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = total + i;
		n = put(cons, block, sizeof(block));
		total += n;
	} while (n == sizeof(block));
	return total;
}

static void expect_bytes(int fd, size_t from, size_t to)
{
	char got;

	for (; from < to; from++) {
		assert_int_equal(read(fd, &got, 1), 1);
		assert_int_equal(got, (char)from);
	}
}

static struct console *open_socket(const char *name, int *fd)
{
	struct console *cons;
	char spec[64];

	snprintf(spec, sizeof(spec), "unix:/tmp/bhyve_%s.%d", name, getpid());
	cons = open_console(spec);
	*fd = connect_to(spec + 5);
	assert_int_equal(write(*fd, "a", 1), 1);
	assert_true(has_input("a"));
	return cons;
}

static void full_socket_loses_nothing(void **state)
{
	struct console *cons;
	size_t total;
	int fd;

	(void)state;
	cons = open_socket("full", &fd);
	total = fill(console_write, cons);
	assert_true(total > 1000);
	expect_bytes(fd, 0, total);
	close(fd);
}

static void later_comes_by_itself_and_in_order(void **state)
{
	struct console *cons;
	char buf[8] = "";
	int fd;

	(void)state;
	cons = open_socket("later", &fd);
	assert_int_equal(console_write_later(cons, (const uint8_t *)"1", 1), 1);
	assert_int_equal(read(fd, buf, 1), 1);
	assert_string_equal(buf, "1");
	assert_int_equal(console_write_later(cons, (const uint8_t *)"2", 1), 1);
	assert_int_equal(console_write_later(cons, (const uint8_t *)"3", 1), 1);
	assert_int_equal(console_write(cons, (const uint8_t *)"4", 1), 1);
	assert_int_equal(recv(fd, buf, 3, MSG_WAITALL), 3);
	assert_string_equal(buf, "234");
	close(fd);
}

/*
 * Later output waits behind what is stuck; a reader that comes gets all of it,
 * even if nothing else is written.
 */
static void later_loses_nothing(void **state)
{
	struct console *cons;
	size_t total;
	int fd;

	(void)state;
	cons = open_socket("stuck", &fd);
	total = fill(console_write_later, cons);
	assert_int_equal(console_write(cons, (const uint8_t *)"x", 1), 0);
	assert_false(console_flush());
	expect_bytes(fd, 0, total);
	assert_true(console_flush());
	close(fd);
}

static void pty(void **state)
{
	char spec[64], buf[16] = "", *link = spec + 4;
	struct console *cons;
	int fd;

	(void)state;
	snprintf(spec, sizeof(spec), "pty:/tmp/bhyve_pty.%d", getpid());
	cons = open_console(spec);
	assert_int_equal(console_write(cons, (const uint8_t *)"x", 1), 1);
	fd = open(link, O_RDWR | O_NOCTTY);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "in\r", 3), 3);
	assert_true(has_input("in\r"));
	assert_int_equal(console_write(cons, (const uint8_t *)"out", 3), 3);
	usleep(100000);
	assert_true(read(fd, buf, sizeof(buf)) >= 3);
	assert_non_null(strstr(buf, "out"));
	close(fd);
}

static int read_file(const char *path, char *buf, size_t room)
{
	int fd = open(path, O_RDONLY), n = read(fd, buf, room);

	close(fd);
	return n;
}

/* All output is there, and that of an earlier run, client or none. */
static void output_is_logged(void **state)
{
	char spec[128], log[64], got[32];
	struct console *cons;
	int fd;

	(void)state;
	snprintf(log, sizeof(log), "/tmp/bhyve_console.log.%d", getpid());
	snprintf(spec, sizeof(spec), "unix:/tmp/bhyve_logged.%d,logfile=%s",
		 getpid(), log);
	fd = open(log, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "old\n", 4), 4);
	close(fd);
	cons = open_console(spec);
	assert_int_equal(console_write(cons, (const uint8_t *)"one", 3), 3);
	*strchr(spec, ',') = '\0';
	fd = connect_to(spec + 5);
	assert_int_equal(write(fd, "a", 1), 1);
	assert_true(has_input("a"));
	assert_int_equal(console_write(cons, (const uint8_t *)"two", 3), 3);
	assert_int_equal(read_file(log, got, sizeof(got)), 10);
	assert_memory_equal(got, "old\nonetwo", 10);
	close(fd);
	unlink(log);
}

static void a_full_log_stops_nothing(void **state)
{
	char spec[128];
	struct console *cons;

	(void)state;
	snprintf(spec, sizeof(spec),
		 "unix:/tmp/bhyve_fulllog.%d,logfile=/dev/full", getpid());
	cons = open_console(spec);
	for (int i = 0; i < 2; i++)
		assert_int_equal(console_write(cons, (const uint8_t *)"x", 1),
				 1);
	assert_int_equal(cons->log_fd, -1);
}

/* Only the first client is sent the output from before it. */
static void socket_has_a_backlog(void **state)
{
	char spec[64], got[16];
	struct console *cons;
	int fd;

	(void)state;
	snprintf(spec, sizeof(spec), "unix:/tmp/bhyve_backlog.%d", getpid());
	cons = open_console(spec);
	assert_int_equal(console_keep_backlog(cons), 0);
	assert_int_equal(console_write(cons, (const uint8_t *)"before", 6), 6);
	fd = connect_to(spec + 5);
	assert_int_equal(recv(fd, got, 6, MSG_WAITALL), 6);
	assert_memory_equal(got, "before", 6);
	assert_int_equal(console_write(cons, (const uint8_t *)"during", 6), 6);
	assert_int_equal(recv(fd, got, 6, MSG_WAITALL), 6);
	close(fd);
	fd = connect_to(spec + 5);
	assert_int_equal(write(fd, "a", 1), 1);
	assert_true(has_input("a"));
	assert_int_equal(console_write(cons, (const uint8_t *)"after", 5), 5);
	assert_int_equal(recv(fd, got, 5, MSG_WAITALL), 5);
	assert_memory_equal(got, "after", 5);
	close(fd);
}

static bool resized;

static void on_size(void *arg)
{
	(void)arg;
	__atomic_store_n(&resized, true, __ATOMIC_RELEASE);
}

/* Standard input becomes a terminal of 97 columns; its master. */
static int make_terminal(void)
{
	const struct winsize size = { .ws_col = 97, .ws_row = 41 };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_int_equal(dup2(slave, STDIN_FILENO), STDIN_FILENO);
	close(slave);
	assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
	return master;
}

/* Of the keys @typed, exactly @want must go to the guest. */
static void expect_keys(struct console *cons, const char *typed,
			const char *want)
{
	char buf[16];
	size_t n;

	strcpy(buf, typed);
	n = cons->filter(cons, (uint8_t *)buf, strlen(typed));
	assert_int_equal(n, strlen(want));
	assert_memory_equal(buf, want, n);
}

/* The signal that is sent to the first thread; 0: none. */
static int sent(void)
{
	const struct timespec now = { 0 };
	sigset_t set;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signo = sigtimedwait(&set, NULL, &now);
	return signo < 0 ? 0 : signo;
}

static void terminal(void **state)
{
	struct console *cons;
	uint16_t cols, rows;
	int master = make_terminal();

	(void)state;
	cons = open_console("stdio,escape=^A");
	console_listen_size(cons, on_size);
	console_size(cons, &cols, &rows);
	assert_int_equal(cols, 97);
	assert_int_equal(rows, 41);
	kill(getpid(), SIGWINCH);
	for (int i = 0; i < 300 && !__atomic_load_n(&resized, __ATOMIC_ACQUIRE);
	     i++)
		usleep(10000);
	assert_true(resized);
	expect_keys(cons, "ab\x1d\x03", "ab\x1d\x03");
	expect_keys(cons,
		    "a\x01\x01"
		    "b",
		    "a\x01"
		    "b");
	assert_int_equal(sent(), 0);
	expect_keys(cons, "a\x01", "a");
	expect_keys(cons, "pb", "b");
	assert_int_equal(sent(), SIGTERM);
	expect_keys(cons, "\x01q\x01", "");
	assert_int_equal(sent(), SIGINT);
	expect_keys(cons, "xy", "y");
	assert_int_equal(sent(), 0);
	close(master);
}

static void bad_specs(void **state)
{
	static const char *const specs[] = { "",
					     "tty",
					     "unix:/no/such/dir/s",
					     "pty:/no/such/dir/l",
					     "pty,logfile=/no/such/dir/l",
					     "pty,escape=A",
					     "pty,escape=^Ab",
					     "pty,other" };
	struct console *cons;

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_true(console_open(specs[i], &cons) < 0);
}

static void *events(void *arg)
{
	mevent_dispatch();
	return arg;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unix_socket),
		cmocka_unit_test(ctl_has_a_backlog),
		cmocka_unit_test(full_socket_loses_nothing),
		cmocka_unit_test(later_comes_by_itself_and_in_order),
		cmocka_unit_test(later_loses_nothing),
		cmocka_unit_test(pty),
		cmocka_unit_test(output_is_logged),
		cmocka_unit_test(a_full_log_stops_nothing),
		cmocka_unit_test(socket_has_a_backlog),
		cmocka_unit_test(terminal),
		cmocka_unit_test(bad_specs),
	};
	pthread_t thread;
	sigset_t set;
	int failed;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGWINCH);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (mevent_init() || pthread_create(&thread, NULL, events, NULL))
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	mevent_stop();
	pthread_join(thread, NULL);
	return failed;
}
