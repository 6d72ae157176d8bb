/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded: fails the allocation whose number NO_MALLOC gives, counted from 1, and
 * then makes a file called "failed".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

static long left;

static void __attribute__((constructor)) start(void)
{
	const char *text = getenv("NO_MALLOC");

	left = text ? atol(text) : 0;
}

static bool fails(void)
{
	if (left <= 0 || --left)
		return false;
	close(open("failed", O_CREAT | O_WRONLY, 0600));
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}
