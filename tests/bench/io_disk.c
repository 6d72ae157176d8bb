/* SPDX-License-Identifier: BSD-2-Clause */
#include "init.h"
#include "io.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BLOCK 4096
#define DEPTH 32

static int disk;
static uint32_t blocks;
static char *buffers; /* one for each of DEPTH requests */
static aio_context_t context;

void disk_open(const char *path)
{
	disk = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (disk < 0)
		die(path);
	blocks = (uint32_t)(lseek(disk, 0, SEEK_END) / BLOCK);
	buffers = aligned_alloc(BLOCK, DEPTH * BLOCK);
	if (!blocks || !buffers || syscall(SYS_io_setup, DEPTH, &context))
		die("disk");
	memset(buffers, 0x5a, DEPTH * BLOCK);
}

/* Marsaglia's xorshift. */
static off_t somewhere(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return (off_t)(x % blocks) * BLOCK;
}

void disk_read(unsigned int ops)
{
	while (ops--)
		if (pread(disk, buffers, BLOCK, somewhere()) != BLOCK)
			die("pread");
}

void disk_write(unsigned int ops)
{
	while (ops--)
		if (pwrite(disk, buffers, BLOCK, somewhere()) != BLOCK)
			die("pwrite");
}

static void submit(struct iocb **list, long n)
{
	for (long i = 0; i < n; i++)
		list[i]->aio_offset = somewhere();
	if (syscall(SYS_io_submit, context, n, list) != n)
		die("io_submit");
}

/*
 * Waits for requests; returns how many of @list are complete, from the front.
 */
static long reap(struct iocb **list, long in_flight)
{
	struct io_event events[DEPTH];
	long n = syscall(SYS_io_getevents, context, 1, in_flight, events, NULL);

	if (n < 1)
		die("io_getevents");
	for (long i = 0; i < n; i++) {
		if (events[i].res != BLOCK)
			die("io");
		list[i] = (struct iocb *)(uintptr_t)events[i].obj;
	}
	return n;
}

static void deep(unsigned int ops, uint16_t opcode)
{
	struct iocb iocbs[DEPTH] = { 0 }, *list[DEPTH];
	long in_flight = DEPTH, done;

	for (int i = 0; i < DEPTH; i++) {
		list[i] = &iocbs[i];
		iocbs[i].aio_lio_opcode = opcode;
		iocbs[i].aio_fildes = (uint32_t)disk;
		iocbs[i].aio_buf = (uintptr_t)buffers + (size_t)i * BLOCK;
		iocbs[i].aio_nbytes = BLOCK;
	}
	submit(list, in_flight);
	for (ops -= DEPTH; in_flight; in_flight -= done) {
		long again;

		done = reap(list, in_flight);
		again = done < (long)ops ? done : (long)ops;
		if (again)
			submit(list, again);
		ops -= (unsigned int)again;
		in_flight += again;
	}
}

void disk_read_deep(unsigned int ops)
{
	deep(ops, IOCB_CMD_PREAD);
}

void disk_write_deep(unsigned int ops)
{
	deep(ops, IOCB_CMD_PWRITE);
}
