/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Breakpoints and watchpoints. The CPU's registers are used first, also for
 * software breakpoints: then guest memory does not change, a breakpoint may be
 * in a ROM or where nothing is mapped yet, and it is still there after a loader
 * has written the code. Only breakpoints that do not fit become BKPT
 * instructions in memory, while the guest runs.
 */
#include <errno.h>
#include <string.h>
#include "bhyve/machine/written.h"
#include "bhyve/run/gdb_impl.h"

#define MAX_BREAKS 256

enum {
	Z_SOFTWARE,
	Z_HARDWARE,
	Z_WRITE,
	Z_READ,
	Z_ACCESS,
	Z_TYPES
};

struct breakpoint {
	unsigned int type; /* Z_SOFTWARE or Z_HARDWARE */
	uint64_t addr;
	uint64_t kind;
	struct gdb_break_insn insn;
	bool in_memory;
	uint64_t gpa;
	uint8_t was[4]; /* what was there */
};

struct watchpoint {
	unsigned int type;
	uint64_t addr;
	uint64_t len;
};

static struct breakpoint breaks[MAX_BREAKS];
static unsigned int nbreaks;
static struct watchpoint watches[VM_MAX_WATCHPOINTS];
static unsigned int nwatches;
static struct vm_debug_args points;

const struct vm_debug_args *gdb_break_points(void)
{
	return &points;
}

static unsigned int count_hardware(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nbreaks; i++)
		n += breaks[i].type == Z_HARDWARE;
	return n;
}

static struct breakpoint *find_break(unsigned int type, uint64_t addr)
{
	for (unsigned int i = 0; i < nbreaks; i++)
		if (breaks[i].type == type && breaks[i].addr == addr)
			return &breaks[i];
	return NULL;
}

static int add_break(unsigned int type, uint64_t addr, uint64_t kind)
{
	struct breakpoint b = { .type = type, .addr = addr, .kind = kind };

	if (!gdb_arch_break_insn(kind, &b.insn) || addr >> 32 ||
	    addr & (b.insn.point_len - 1))
		return -EINVAL;
	if (find_break(type,
		       addr)) /* the same packet twice sets one breakpoint */
		return 0;
	if (nbreaks == MAX_BREAKS ||
	    (type == Z_HARDWARE && count_hardware() == VM_MAX_BREAKPOINTS))
		return -ENOSPC;
	breaks[nbreaks++] = b;
	return 0;
}

/* Whether the hardware can watch this: see struct vm_debug_point. */
static bool can_watch(uint64_t addr, uint64_t len)
{
	if (!len || addr >> 32 || len >> 31 > 1)
		return false;
	if (len <= 4)
		return (addr & 3) + len <= 4;
	return len >= 8 && !(len & (len - 1)) && !(addr & (len - 1));
}

static struct watchpoint *find_watch(unsigned int type, uint64_t addr,
				     uint64_t len)
{
	for (unsigned int i = 0; i < nwatches; i++)
		if (watches[i].type == type && watches[i].addr == addr &&
		    watches[i].len == len)
			return &watches[i];
	return NULL;
}

static int add_watch(unsigned int type, uint64_t addr, uint64_t len)
{
	if (!can_watch(addr, len))
		return -EINVAL;
	if (find_watch(type, addr, len))
		return 0;
	if (nwatches == VM_MAX_WATCHPOINTS)
		return -ENOSPC;
	watches[nwatches++] = (struct watchpoint){ type, addr, len };
	return 0;
}

int gdb_break_add(unsigned int type, uint64_t addr, uint64_t kind)
{
	if (type >= Z_TYPES)
		return -EINVAL;
	return type <= Z_HARDWARE ? add_break(type, addr, kind) :
				    add_watch(type, addr, kind);
}

int gdb_break_remove(unsigned int type, uint64_t addr, uint64_t kind)
{
	struct breakpoint *b;
	struct watchpoint *w;

	if (type >= Z_TYPES)
		return -EINVAL;
	b = type <= Z_HARDWARE ? find_break(type, addr) : NULL;
	w = type <= Z_HARDWARE ? NULL : find_watch(type, addr, kind);
	if (b)
		*b = breaks[--nbreaks];
	else if (w)
		*w = watches[--nwatches];
	else
		return -ENOENT;
	return 0;
}

void gdb_break_clear(void)
{
	nbreaks = 0;
	nwatches = 0;
	memset(&points, 0, sizeof(points));
}

static void insert_in_memory(struct gdb *gdb, struct breakpoint *b)
{
	struct vcpu *vcpu = vm_get_vcpu(gdb->ctx, gdb->cpu);
	void *mem;

	if (vm_gla2gpa_nofault(vcpu, b->addr, &b->gpa))
		return;
	mem = vm_map_gpa(gdb->ctx, b->gpa, b->insn.len);
	if (!mem)
		return;
	memcpy(b->was, mem, b->insn.len);
	memcpy(mem, b->insn.bytes, b->insn.len);
	guest_written(mem, b->insn.len);
	vm_sync_code(gdb->ctx, b->gpa, b->insn.len);
	b->in_memory = true;
}

/* If the guest has overwritten the BKPT meanwhile, its value stays. */
static void withdraw(struct gdb *gdb, struct breakpoint *b)
{
	void *mem = vm_map_gpa(gdb->ctx, b->gpa, b->insn.len);

	b->in_memory = false;
	if (!mem || memcmp(mem, b->insn.bytes, b->insn.len))
		return;
	memcpy(mem, b->was, b->insn.len);
	guest_written(mem, b->insn.len);
	vm_sync_code(gdb->ctx, b->gpa, b->insn.len);
}

void gdb_break_withdraw(struct gdb *gdb)
{
	for (unsigned int i = 0; i < nbreaks; i++)
		if (breaks[i].in_memory)
			withdraw(gdb, &breaks[i]);
}

/*
 * Puts the points of @type into registers from @n on; returns the next free
 * register.
 */
static unsigned int place(struct gdb *gdb, unsigned int type, unsigned int n)
{
	for (unsigned int i = 0; i < nbreaks; i++) {
		struct breakpoint *b = &breaks[i];

		if (b->type != type)
			continue;
		if (n < VM_MAX_BREAKPOINTS)
			points.bp[n++] = (struct vm_debug_point){
				.gla = b->addr, .len = b->insn.point_len
			};
		else
			insert_in_memory(gdb, b);
	}
	return n;
}

static uint32_t accesses(unsigned int type)
{
	return (type != Z_READ ? VM_WATCH_STORE : 0) |
	       (type != Z_WRITE ? VM_WATCH_LOAD : 0);
}

void gdb_break_insert(struct gdb *gdb)
{
	points = (struct vm_debug_args){ .flags = VM_DEBUG_F_ON };
	place(gdb, Z_SOFTWARE, place(gdb, Z_HARDWARE, 0));
	for (unsigned int i = 0; i < nwatches; i++)
		points.wp[i] = (struct vm_debug_point){
			.gla = watches[i].addr,
			.len = watches[i].len,
			.flags = accesses(watches[i].type)
		};
}

enum gdb_why gdb_break_at(uint64_t pc)
{
	if (find_break(Z_HARDWARE, pc))
		return GDB_HARDWARE;
	return find_break(Z_SOFTWARE, pc) ? GDB_SOFTWARE : GDB_NO_BREAK;
}

/* An access may begin up to seven bytes before the address that it hits. */
const char *gdb_watch_at(uint64_t gla, uint64_t *addr)
{
	static const char *const names[] = {
		[Z_WRITE] = "watch", [Z_READ] = "rwatch", [Z_ACCESS] = "awatch"
	};

	for (unsigned int i = 0; i < nwatches; i++) {
		const struct watchpoint *w = &watches[i];

		if (gla + 8 <= w->addr || gla >= w->addr + w->len)
			continue;
		*addr = gla > w->addr ? gla : w->addr;
		return names[w->type];
	}
	return NULL;
}
