/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the gdb stub share. All of it runs on the event thread, but
 * for what is said of gdb_stop.c.
 */
#ifndef BHYVE_GDB_IMPL_H
#define BHYVE_GDB_IMPL_H

#include "bhyve/gdb_arch.h"
#include "bhyve/run/gdb_packet.h"
#include "lib/vmmapi.h"

/* The one VM there is, and what its debugger has asked for. */
struct gdb {
	struct vmctx *ctx;
	unsigned int ncpus;
	bool no_ack;	  /* QStartNoAckMode */
	bool physical;	  /* memory by guest-physical addresses */
	bool says_why;	  /* it knows of swbreak and hwbreak */
	bool stopped;	  /* all vCPUs are held, and it knows */
	unsigned int cpu; /* Hg: whose registers and memory */
	struct gdb_output out; /* a packet to be sent; len 0: none */
};

/* gdb_cmd.c: answers a packet in gdb->out. False: the debugger leaves. */
bool gdb_command(struct gdb *gdb, const char *packet, size_t len);

/* gdb_query.c: packets that begin with q or Q. */
void gdb_query(struct gdb *gdb, const char *packet);

/* gdb_monitor.c: the user's "monitor" command; hexadecimal text. */
void gdb_monitor(struct gdb *gdb, const char *hex);

/*
 * gdb_mem.c: the guest's memory as gdb->cpu sees it; returns how many of @len
 * bytes came about. Writes go through what the guest's own tables make read-only,
 * and are what its CPUs execute next.
 */
size_t gdb_read_mem(struct gdb *gdb, uint64_t addr, void *to, size_t len);
size_t gdb_write_mem(struct gdb *gdb, uint64_t addr, const void *from,
		     size_t len);

/*
 * gdb_break.c: Z and z packets, by their type 0 to 4. -ENOSPC: the hardware has
 * no more; -EINVAL; -ENOENT: there is no such one to remove.
 */
int gdb_break_add(unsigned int type, uint64_t addr, uint64_t kind);
int gdb_break_remove(unsigned int type, uint64_t addr, uint64_t kind);
void gdb_break_clear(void);

/* Puts them into the vCPUs, and what these have no room for into memory. */
void gdb_break_insert(struct gdb *gdb);
/* Takes out of memory what is in it. */
void gdb_break_withdraw(struct gdb *gdb);
/* The points of all vCPUs that do not step, as gdb_break_insert() chose them. */
const struct vm_debug_args *gdb_break_points(void);

enum gdb_why { GDB_NO_BREAK, GDB_SOFTWARE, GDB_HARDWARE };
enum gdb_why gdb_break_at(uint64_t pc);
/* The name of the stop reply's field for the watchpoint that @gla hit, and the
 * address it was set at; NULL: none. */
const char *gdb_watch_at(uint64_t gla, uint64_t *addr);

/*
 * gdb_stop.c: vCPUs run and stop. gdb_resume() has each do what @actions says of
 * it: 'c', 's', or 0 to stay held; gdb_halt() stops all, with signal @sig as the
 * reason.
 */
int gdb_stop_init(struct gdb *gdb);
void gdb_resume(struct gdb *gdb, const char actions[VM_MAXCPU]);
void gdb_halt(struct gdb *gdb, unsigned int sig);
/* Holds them all, for a debugger that has come; lets them all go, without one. */
void gdb_attach(struct gdb *gdb);
void gdb_detach(struct gdb *gdb);
/* Once more why the vCPUs are held: the answer to "?". */
void gdb_stop_reply(struct gdb *gdb);

/* gdb.c: sends gdb->out. */
void gdb_send(struct gdb *gdb);

#endif /* BHYVE_GDB_IMPL_H */
