/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever another bhyve sends: the receiver runs the guest only if it has loaded every
 * part of it and was told to, and else ends with a message, which the other side has
 * heard, too. The bytes are put into sections here, since the fuzzer cannot make
 * checksums, but for those of an input that begins with a zero.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vmm/arm/vmm_regs.h>
#include "bhyve/arch.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/file_lock.h"
#include "bhyve/base/mevent.h"
#include "bhyve/base/sockets.h"
#include "bhyve/config/config.h"
#include "bhyve/machine/device.h"
#include "bhyve/machine/machine.h"
#include "bhyve/run/migrate_ram.h"
#include "bhyve/run/receive.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/run/snapshot_ram.h"
#include "bhyve/run/vmexit.h"
#include "lib/vmmapi.h"
#include "tests/fuzz/input.h"

#define PAGE   4096u
#define PAGES  64u
#define NTHING 3u
#define ROOM   0x18000u /* a socket's buffer holds it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/* A receiver that ends leaves its memory to the kernel. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static uint8_t mem[PAGES * PAGE];
static char place[16];
static jmp_buf died;
static bool has_message, lock_is_lost;
static uint64_t r0;
static struct vm_vgic_state vgic;

static struct thing {
	uint32_t number;
	uint8_t text[32];
	unsigned int acted; /* times that it went on from what was loaded */
} things[NTHING];

void die(const char *fmt, ...)
{
	va_list ap;
	char text[1024];

	va_start(ap, fmt);
	has_message = vsnprintf(text, sizeof(text), fmt, ap) > 0;
	va_end(ap);
	longjmp(died, 1);
}

/* The event thread has the receiver's socket alone. */
static mevent_func_t on_event;
static int event_fd;
static bool stopped;

struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg)
{
	(void)type, (void)arg;
	on_event = func;
	event_fd = fd;
	stopped = false;
	return (struct mevent *)&on_event;
}

int mevent_delete(struct mevent *evp)
{
	(void)evp;
	return 0;
}

int mevent_delete_close(struct mevent *evp)
{
	(void)evp;
	abort(); /* it does not listen */
}

void mevent_break(void)
{
	stopped = true;
}

void mevent_dispatch(void)
{
	while (!stopped)
		on_event(event_fd, EVF_READ, NULL);
}

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

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	(void)ctx, (void)id;
	return NULL;
}

const char *vm_get_name(const struct vmctx *ctx)
{
	(void)ctx;
	return "guest";
}

uint32_t arch_timer_hz(struct vcpu *vcpu)
{
	(void)vcpu;
	return 1000000;
}

int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n)
{
	(void)vcpu, (void)n;
	ids[0] = VM_REG_GUEST_R0;
	return 1;
}

int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val)
{
	(void)vcpu;
	*val = r0;
	return id == VM_REG_GUEST_R0 ? 0 : -ENOENT;
}

int vm_set_register(struct vcpu *vcpu, uint64_t id, uint64_t val)
{
	(void)vcpu;
	if (id != VM_REG_GUEST_R0)
		return -ENOENT;
	r0 = val;
	return 0;
}

int vm_get_vgic_state(struct vmctx *ctx, struct vm_vgic_state *state)
{
	(void)ctx;
	*state = vgic;
	return 0;
}

int vm_set_vgic_state(struct vmctx *ctx, const struct vm_vgic_state *state)
{
	(void)ctx;
	vgic = *state;
	return state->ctlr > 3 ? -EINVAL : 0;
}

int vm_set_time(struct vmctx *ctx, uint64_t now)
{
	(void)ctx, (void)now;
	return 0;
}

int snapshot_ram_init(struct vmctx *ctx, uint64_t base, uint64_t size)
{
	(void)ctx, (void)base, (void)size;
	return 0;
}

int snapshot_ram_save(int fd, struct snapshot_memory *memory)
{
	(void)fd, (void)memory;
	return -EIO;
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

bool get_config_bool_default(const char *path, bool def)
{
	(void)path;
	return def;
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
	abort(); /* nobody ends it */
}

static void reset_thing(void *arg)
{
	(void)arg;
}

static void thing_state(void *arg, struct state *s)
{
	struct thing *thing = arg;

	state_same(s, "its place", (uint64_t)(thing - things));
	STATE_MAX(s, thing, number, 9);
	state_bytes(s, "text", thing->text, sizeof(thing->text));
	if (state_is_loaded(s))
		thing->acted++;
}

static void make_machine(void)
{
	memset(things, 0, sizeof(things));
	vgic = (struct vm_vgic_state){ .nirqs = 288, .ncpus = 1 };
	init_devices();
	for (uint32_t i = 0; i < NTHING; i++)
		register_device("thing", i, reset_thing, thing_state,
				&things[i]);
	if (snapshot_init(NULL, &virt_machine, 1, sizeof(mem)))
		abort();
	migrate_ram_init(NULL, virt_machine.map[MACHINE_RAM].base, sizeof(mem));
}

static struct migrate_copied copied;

static void put_pages(struct snapshot_writer *w, struct input *in)
{
	static uint8_t data[4 * (8 + PAGE)];
	uint64_t n = input_number(in, 1) % 5;

	memset(data, (int)n, sizeof(data));
	for (uint64_t i = 0; i < n; i++)
		data[8 * i] = (uint8_t)input_number(in, 1) % (PAGES + 1);
	for (uint64_t i = 0; i < 8 * n; i++)
		data[i] = i % 8 ? 0 : data[i];
	snapshot_put(w, "pages", 0, 1, data, n * (8 + PAGE));
	copied.pages += n;
}

static void put_zeroes(struct snapshot_writer *w, struct input *in)
{
	uint64_t page = input_number(in, 1);

	snapshot_put(w, "zeroes", 0, 1, &page, sizeof(page));
	copied.zeroes++;
}

/* A section of any kind, with the fuzzer's bytes. */
static void put_any(struct snapshot_writer *w, struct input *in)
{
	static const char *const tags[] = { "machine", "parts",	 "thing",
					    "vcpu",    "vgic",	 "pages",
					    "zeroes",  "copied", "memory",
					    "end",     "go",	 "x" };
	const char *tag = tags[input_number(in, 1) % 12];
	uint32_t how = input_number(in, 2);
	uint8_t data[256];
	size_t len = how % 256;

	input_take(in, data, len);
	snapshot_put(w, tag, how >> 8 & 3, how >> 10 & 3, data, len);
}

static void put_next(struct snapshot_writer *w, struct input *in)
{
	char error[SNAPSHOT_ERROR_LEN];

	switch (input_number(in, 1) % 10) {
	case 0:
		put_any(w, in);
		break;
	case 1:
		put_zeroes(w, in);
		break;
	case 2:
	case 3:
		put_pages(w, in);
		break;
	case 4:
		snapshot_put(w, "copied", 0, 1, &copied, sizeof(copied));
		break;
	case 5:
		snapshot_collect(w, input_number(in, 4), error);
		break;
	case 6:
		snapshot_end(w);
		break;
	case 7:
		snapshot_put(w, "go", 0, 1, NULL, 0);
		break;
	case 8:
		things[1].number = input_number(in, 1) % 11;
		break;
	default:
		snapshot_put_plan(w, error);
		break;
	}
}

/* The messages of a migration that goes well, of which the input damages some. */
static void put_all(struct snapshot_writer *w, struct input *in)
{
	char error[SNAPSHOT_ERROR_LEN];

	snapshot_put_plan(w, error);
	put_pages(w, in);
	put_zeroes(w, in);
	snapshot_put(w, "copied", 0, 1, &copied, sizeof(copied));
	snapshot_collect(w, 1, error);
	snapshot_end(w);
	snapshot_put(w, "go", 0, 1, NULL, 0);
}

static void make_stream(struct snapshot_writer *w, struct input *in)
{
	uint32_t how = input_number(in, 1), at = input_number(in, 3);

	copied = (struct migrate_copied){ 0 };
	lock_is_lost = how & 8;
	snapshot_begin(w);
	if (how & 1)
		put_all(w, in);
	while (!(how & 1) && in->left && w->len < ROOM / 2)
		put_next(w, in);
	if (how & 2)
		w->data[at % w->len] ^= 1u << at % 8;
	if (how & 4)
		w->len = at % w->len;
}

/* True: the receiver runs the guest. */
static bool receive(int fd)
{
	snprintf(place, sizeof(place), "fd:%d", fd);
	has_message = false;
	if (setjmp(died))
		return false;
	receive_open();
	receive_machine();
	return true;
}

static void check(bool runs, int other_side)
{
	char heard[1024] = "", *last = heard;
	ssize_t n = recv(other_side, heard, sizeof(heard) - 1, MSG_DONTWAIT);

	if (runs != (n > 0 && !strcmp(heard, "ok\nready\nrunning\n")))
		abort();
	for (unsigned int i = 0; i < NTHING; i++)
		if (runs && things[i].acted != 1)
			abort();
	if (runs)
		return;
	for (char *end = heard; (end = strchr(end, '\n')) && end[1]; end++)
		last = end + 1;
	if (!has_message || strncmp(last, "no ", 3))
		abort();
}

static void send_and_check(const uint8_t *data, size_t len)
{
	int fds[2], expected;
	bool runs;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) ||
	    send(fds[0], data, len, MSG_DONTWAIT) != (ssize_t)len ||
	    shutdown(fds[0], SHUT_WR))
		abort();
	/* The receiver's own descriptor will be this one. */
	expected = dup(fds[1]);
	close(expected);
	make_machine();
	runs = receive(fds[1]);
	check(runs, fds[0]);
	if (!runs)
		close(expected);
	close(fds[0]);
	close(fds[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct snapshot_writer w = { 0 };

	if (!input_number(&in, 1)) {
		send_and_check(in.data, in.left < ROOM ? in.left : ROOM);
		return 0;
	}
	make_machine();
	make_stream(&w, &in);
	send_and_check(w.data, w.len < ROOM ? w.len : ROOM);
	snapshot_free(&w);
	return 0;
}
