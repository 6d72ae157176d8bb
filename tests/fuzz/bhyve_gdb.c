/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anything that a debugger may send, in the protocol or not. All of it is the
 * stub's own code, except the socket and vmm.ko. The input begins with the
 * guest's registers and memory. A vCPU that runs hits a breakpoint at once.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vmm/arm/vmm_regs.h>

#include "bhyve/arch.h"
#include "bhyve/base/debug.h"
#include "bhyve/base/mevent.h"
#include "bhyve/machine/mem.h"
#include "bhyve/run/gdb_impl.h"
#include "bhyve/run/vmexit.h"
#include "lib/reg_names.h"

#define RAM	 0x40000000u
#define RAM_SIZE 0x10000u
#define CPUS	 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t ram[RAM_SIZE];
static uint32_t core[64];
static uint64_t others[256];
static struct gdb gdb;
static breakpoint_func_t met;
static mevent_func_t on_hit;
static int hit_fd;
static uint32_t let_go;

static uint64_t *reg(uint64_t id)
{
	return &others[(id ^ id >> 8 ^ id >> 24) & 0xff];
}

int vm_get_register(struct vcpu *vcpu, uint64_t id, uint64_t *val)
{
	(void)vcpu;
	if (VM_REG_CLASS(id) == VM_REG_CLASS_CORE)
		*val = core[id & 0x3f];
	else
		*val = *reg(id);
	return 0;
}

int vm_set_register(struct vcpu *vcpu, uint64_t id, uint64_t val)
{
	(void)vcpu;
	if (VM_REG_CLASS(id) == VM_REG_CLASS_CORE)
		core[id & 0x3f] = val;
	else
		*reg(id) = val;
	return 0;
}

int vm_get_reg_list(struct vcpu *vcpu, uint64_t *ids, uint32_t n)
{
	(void)vcpu, (void)n;
	ids[0] = VM_REG_GUEST_R0;
	ids[1] = VM_REG_GUEST_SP_SVC;
	ids[2] = VM_REG_CP15(1, 0, 0, 0);
	ids[3] = VM_REG_CP15_64(0, 2);
	return 4;
}

struct vcpu *vm_get_vcpu(struct vmctx *ctx, unsigned int id)
{
	(void)ctx;
	if (id >= CPUS)
		abort();
	return (struct vcpu *)(uintptr_t)(id + 1);
}

unsigned int vcpu_id(const struct vcpu *vcpu)
{
	return (uintptr_t)vcpu - 1;
}

struct vmctx *vcpu_ctx(const struct vcpu *vcpu)
{
	(void)vcpu;
	return NULL;
}

void *vm_map_gpa(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx;
	if (!len || gpa < RAM || len > RAM_SIZE || gpa - RAM > RAM_SIZE - len)
		return NULL;
	return ram + (gpa - RAM);
}

int vm_sync_code(struct vmctx *ctx, uint64_t gpa, uint64_t len)
{
	(void)ctx, (void)gpa, (void)len;
	return 0;
}

int vm_inject_exception(struct vcpu *vcpu, uint64_t esr, uint64_t far)
{
	(void)vcpu, (void)esr, (void)far;
	return 0;
}

int vm_set_debug(struct vcpu *vcpu, const struct vm_debug_args *args)
{
	(void)vcpu, (void)args;
	return 0;
}

bool mem_claimed(uint64_t gpa, int size, int dir)
{
	(void)size, (void)dir;
	return gpa >> 12 == 0x9000;
}

int read_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval, int size)
{
	(void)vcpu, (void)size;
	*rval = gpa;
	return 0;
}

int write_mem(struct vcpu *vcpu, uint64_t gpa, uint64_t wval, int size)
{
	(void)vcpu, (void)gpa, (void)wval, (void)size;
	return 0;
}

void arch_reg_name(uint64_t id, char name[ARCH_REG_NAMELEN])
{
	snprintf(name, ARCH_REG_NAMELEN, "%x/,", (unsigned int)id);
}

void eprintln(const char *format, ...)
{
	(void)format;
}

struct mevent *mevent_add(int fd, enum ev_type type, mevent_func_t func,
			  void *arg)
{
	(void)type, (void)arg;
	hit_fd = fd;
	on_hit = func;
	return (struct mevent *)&gdb;
}

void vcpus_on_breakpoint(breakpoint_func_t func)
{
	met = func;
}

bool vcpus_hold(struct vmctx *ctx)
{
	(void)ctx;
	return true;
}

void vcpus_let_go(struct vmctx *ctx, uint32_t mask)
{
	(void)ctx;
	let_go |= mask;
}

int suspend_vm(struct vmctx *ctx, enum vm_suspend_how how)
{
	(void)ctx, (void)how;
	return 0;
}

void gdb_send(struct gdb *g)
{
	if (g->out.len < 4 || g->out.len > sizeof(g->out.bytes) ||
	    g->out.bytes[0] != '$' || g->out.bytes[g->out.len - 3] != '#')
		abort();
}

/* Running vCPUs hit a breakpoint or a watchpoint, the lowest first. */
static void run(uint8_t how)
{
	struct vm_exit e = { .exitcode = VM_EXITCODE_BPT };
	uint32_t going = let_go;

	let_go = 0;
	e.u.bpt.watch = how & 1;
	e.u.bpt.gla = RAM + how;
	for (unsigned int i = 0; i < CPUS; i++)
		if (going >> i & 1)
			met(vm_get_vcpu(NULL, i), &e);
	if (going)
		on_hit(hit_fd, EVF_READ, &gdb);
}

static bool handle(struct gdb_input *in, uint8_t byte)
{
	switch (gdb_input_byte(in, byte)) {
	case GDB_PACKET:
		if (!gdb_command(&gdb, in->packet, in->len))
			return false;
		if (gdb.out.len)
			gdb_send(&gdb);
		run(in->want);
		return true;
	case GDB_INTERRUPT:
		gdb_interrupt(&gdb);
		return true;
	default:
		return true;
	}
}

static void set_up(void)
{
	gdb.ncpus = CPUS;
	if (gdb_arch_init(NULL) || gdb_stop_init(&gdb))
		abort();
}

/*
 * Each line is a packet, and is framed here, because a fuzzer does not find
 * checksums.
 */
static bool packet(struct gdb_input *in, const uint8_t *text, size_t len)
{
	uint8_t sum = 0;
	char end[4];
	bool stays = handle(in, '$');

	for (size_t i = 0; i < len && stays; i++) {
		sum += text[i];
		stays = handle(in, text[i]);
	}
	snprintf(end, sizeof(end), "#%02x", sum);
	for (int i = 0; i < 3 && stays; i++)
		stays = handle(in, end[i]);
	return stays;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gdb_input in;
	static bool ready;

	if (!ready)
		set_up();
	ready = true;
	memset(core, 0, sizeof(core));
	memset(others, 0, sizeof(others));
	for (size_t i = 0; i < RAM_SIZE && size; i++)
		ram[i] = data[i % size];
	core[15] = RAM + 0x100;
	core[16] = size && data[0] & 1 ? 0x33 : 0x13;
	core[13] = core[3] = RAM + 0x200;
	in.state = GDB_IDLE;
	gdb_attach(&gdb);
	while (size) {
		const uint8_t *nl = memchr(data, '\n', size);
		size_t len = nl ? (size_t)(nl - data) : size;

		if (!packet(&in, data, len))
			break;
		data += len + !!nl;
		size -= len + !!nl;
	}
	gdb_detach(&gdb);
	let_go = 0;
	return 0;
}
