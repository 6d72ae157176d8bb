/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients of the control socket that send any bytes in any pieces, and leave at
 * any moment. An answer must be one line that begins like JSON.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bhyve/arch.h"
#include "bhyve/config/config.h"
#include "bhyve/core_dump.h"
#include "bhyve/run/checkpoint.h"
#include "bhyve/run/control.h"
#include "bhyve/base/debug.h"
#include "bhyve/machine/mem.h"
#include "bhyve/run/migrate.h"
#include "bhyve/run/power.h"
#include "bhyve/run/receive.h"
#include "bhyve/run/snapshot.h"
#include "bhyve/base/sockets.h"
#include "bhyve/run/vmexit.h"
#include "bhyve/virtio/virtio.h"
#include "bhyve/virtio/virtio_balloon.h"
#include "lib/reg_names.h"
#include "lib/vmmapi.h"
#include "tests/unit/virtio_machine.h"

#define CLIENTS 12 /* more than are served at a time */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sockaddr_un addr = { .sun_family = AF_UNIX };
static socklen_t addr_len;
static bool paused;

/* Listens at an abstract name that the kernel chooses. */
int unix_listen(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	(void)path;
	addr_len = sizeof(addr);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(sa_family_t)) ||
	    listen(fd, 8) ||
	    getsockname(fd, (struct sockaddr *)&addr, &addr_len))
		abort();
	return fd;
}

int accept_client(int listen_fd)
{
	return accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

bool receive_is_waiting(void)
{
	return false;
}

/* A migration or a checkpoint that only its client ends. */
static struct {
	precopy_done_t done;
	void *arg;
} migration;

enum migrate_state migrate_state(void)
{
	return migration.done ? MIGRATE_COPYING : MIGRATE_NONE;
}

const char *migrate_start(int fd, int client_fd, precopy_done_t done, void *arg)
{
	(void)fd, (void)client_fd;
	if (migration.done)
		return "it is being migrated already";
	migration.done = done;
	migration.arg = arg;
	return NULL;
}

const char *migrate_cancel(void)
{
	const struct precopy_report report = { 0 };
	precopy_done_t done = migration.done;

	migration.done = NULL;
	if (!done)
		return "it is not being migrated";
	done(migration.arg, "canceled", &report);
	return NULL;
}

const char *precopy_busy(void)
{
	return migration.done ? "busy" : NULL;
}

bool checkpoint_is_live(void)
{
	return !paused;
}

const char *checkpoint_start(int fd, precopy_done_t done, void *arg)
{
	return migrate_start(fd, -1, done, arg);
}

void checkpoint_cancel(void)
{
	migrate_cancel();
}

const char *vm_get_name(const struct vmctx *ctx)
{
	(void)ctx;
	return "vm";
}

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	(void)ctx, (void)id;
	return NULL;
}

int vm_get_stats(struct vcpu *vcpu, uint64_t *values, uint32_t n)
{
	(void)vcpu, (void)values;
	return n;
}

int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n)
{
	(void)vcpu, (void)n;
	ids[0] = 1;
	return 1;
}

int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val)
{
	(void)vcpu, (void)id;
	*val = 0;
	return 0;
}

void arch_reg_name(uint64_t id, char name[ARCH_REG_NAMELEN])
{
	(void)id;
	strcpy(name, "r");
}

bool vcpus_paused(void)
{
	return paused;
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
	paused = false;
}

bool get_config_bool_default(const char *path, bool def)
{
	(void)path, (void)def;
	return true;
}

int vm_get_time(struct vmctx *ctx, uint64_t *count)
{
	(void)ctx;
	*count = 0;
	return 0;
}

int vm_set_time(struct vmctx *ctx, uint64_t count)
{
	(void)ctx, (void)count;
	return 0;
}

int suspend_vm(struct vmctx *ctx, enum vm_suspend_how how)
{
	(void)ctx, (void)how;
	return 0;
}

int snapshot_save(int fd, uint64_t count, char error[SNAPSHOT_ERROR_LEN])
{
	(void)fd, (void)count;
	strcpy(error, "no");
	return -1;
}

void end_vm(enum bhyve_status how)
{
	(void)how;
}

int core_dump_write(int fd)
{
	(void)fd;
	return 0;
}

int memory_dump_write(int fd)
{
	(void)fd;
	return 0;
}

int balloon_set(uint64_t bytes, const char **why)
{
	*why = "there is no balloon";
	return bytes % 2 ? -1 : 0;
}

const char *const balloon_stat_names[BALLOON_NSTATS];

int balloon_report(struct balloon_report *report)
{
	(void)report;
	return -1;
}

int virtio_grow(unsigned int slot, unsigned int func, uint64_t *size,
		const char **why)
{
	*size += func;
	*why = "there is no disk";
	return slot == 1 ? 0 : -1;
}

bool control_slot(struct vmctx *ctx, const char *line, int file,
		  const char **why)
{
	(void)ctx, (void)line, (void)file;
	*why = "there is no PCI bus";
	return false;
}

void power_button(void)
{
}

uint64_t mem_unclaimed_count(void)
{
	return 0;
}

void eprintln(const char *fmt, ...)
{
	(void)fmt;
}

void die(const char *fmt, ...)
{
	(void)fmt;
	abort();
}

static void check_answer(int fd)
{
	static char buf[1 << 16];
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n <= 0)
		return;
	if (buf[0] != '{' || buf[n - 1] != '\n' ||
	    memchr(buf, '\n', n) != buf + n - 1)
		abort();
}

static int connect_client(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	/* Its backlog may be full. */
	if (connect(fd, (struct sockaddr *)&addr, addr_len)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* One action: {client, length, bytes}; without bytes the client leaves. */
static size_t act(int fds[CLIENTS], const uint8_t *data, size_t size)
{
	unsigned int i = data[0] % CLIENTS;
	size_t n = size < 2 ? 0 : data[1];

	if (n > size - 2)
		n = size - 2;
	if (fds[i] < 0)
		fds[i] = connect_client();
	if (fds[i] >= 0 && n) {
		send(fds[i], data + 2, n, MSG_NOSIGNAL);
	} else if (fds[i] >= 0) {
		close(fds[i]);
		fds[i] = -1;
	}
	if (data[0] & 0x80)
		machine_events();
	if (fds[i] >= 0)
		check_answer(fds[i]);
	return 2 + n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fds[CLIENTS];
	size_t at;

	if (!addr_len) {
		control_listen("vm");
		control_init(NULL, 2);
	}
	memset(fds, -1, sizeof(fds));
	paused = false;
	for (at = 0; at + 2 <= size;)
		at += act(fds, data + at, size - at);
	for (unsigned int i = 0; i < CLIENTS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	machine_events();
	return 0;
}
