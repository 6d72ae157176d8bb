/* SPDX-License-Identifier: BSD-2-Clause */
/* What bhyve leaves behind, however it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bhyve/base/leftovers.h"

static char dir[] = "/tmp/bhyve_leftovers.XXXXXX";
static char path[64];

static void make(const char *text)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	fputs(text, fp);
	fclose(fp);
}

/* In a child: @how it ends, after @then. */
static void end(void (*then)(void), void (*how)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (remove_at_exit(path) || guard_leftovers())
			_exit(99);
		then();
		how();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

static void nothing(void)
{
}

static void be_killed(void)
{
	kill(getpid(), SIGKILL);
}

static void leave(void)
{
	exit(0);
}

/* The guard of a killed one is a moment later. */
static bool is_gone(void)
{
	for (int i = 0; i < 1000; i++) {
		if (access(path, F_OK))
			return true;
		usleep(10000);
	}
	return false;
}

static void goes_at_exit(void **state)
{
	(void)state;
	make("");
	end(nothing, leave);
	assert_int_equal(access(path, F_OK), -1);
}

static void goes_with_a_killed_one(void **state)
{
	(void)state;
	make("");
	end(nothing, be_killed);
	assert_true(is_gone());
}

static void replace(void)
{
	char other[80];

	snprintf(other, sizeof(other), "%s.new", path);
	close(open(other, O_CREAT | O_WRONLY, 0600));
	rename(other, path);
}

static void another_file_stays(void **state)
{
	(void)state;
	make("");
	end(replace, leave);
	assert_int_equal(access(path, F_OK), 0);
}

static void fill(void)
{
	make("a guest's core");
}

static void a_core_file_stays(void **state)
{
	(void)state;
	make("");
	end(fill, leave);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_at_exit),
		cmocka_unit_test(goes_with_a_killed_one),
		cmocka_unit_test(another_file_stays),
		cmocka_unit_test(a_core_file_stays),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/left", dir);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return failed;
}
