// SPDX-License-Identifier: BSD-2-Clause
/*
 * A debugger's breakpoints and watchpoints. They are loaded only around the run
 * of a vCPU that has some (HYP_CALL_RUN_DEBUG), so that no other vCPU pays for
 * them. They match in PL1 and PL0 alone (core/arm/debug.c). While HYP mode
 * runs, the order of the writes therefore does not matter, and the ERET that
 * ends it is the context synchronization event for all of them.
 */
#include "hyp/arm/hyp_internal.h"

/* monitor debug-mode: debug events are exceptions */
#define DSCR_MDBGEN (1u << 15)

#define BREAKPOINTS(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define WATCHPOINTS(X) X(0) X(1) X(2) X(3)

#define CP14_READ(val, crm, opc2) \
	asm volatile("mrc p14, 0, %0, c0, c" #crm ", " #opc2 : "=r"(val))
#define CP14_WRITE(val, crm, opc2) \
	asm volatile("mcr p14, 0, %0, c0, c" #crm ", " #opc2 : : "r"(val))

#define SAVE_BREAKPOINT(n)           \
	CP14_READ(to->bvr[n], n, 4); \
	CP14_READ(to->bcr[n], n, 5);
#define SAVE_WATCHPOINT(n)           \
	CP14_READ(to->wvr[n], n, 6); \
	CP14_READ(to->wcr[n], n, 7);
#define LOAD_BREAKPOINT(n)              \
	CP14_WRITE(from->bvr[n], n, 4); \
	CP14_WRITE(from->bcr[n], n, 5);
#define LOAD_WATCHPOINT(n)              \
	CP14_WRITE(from->wvr[n], n, 6); \
	CP14_WRITE(from->wcr[n], n, 7);

static void debug_save(struct arm_debug *to)
{
	BREAKPOINTS(SAVE_BREAKPOINT)
	WATCHPOINTS(SAVE_WATCHPOINT)
}

static void debug_load(const struct arm_debug *from)
{
	BREAKPOINTS(LOAD_BREAKPOINT)
	WATCHPOINTS(LOAD_WATCHPOINT)
}

/* DBGDSCRext is CP14 c0, c2, 2. */
void hyp_debug_load(struct hyp_vcpu *vcpu, struct hyp_cpu *cpu)
{
	CP14_READ(cpu->host_dscr, 2, 2);
	debug_save(&cpu->host_debug);
	debug_load(&vcpu->debug);
	CP14_WRITE(cpu->host_dscr | DSCR_MDBGEN, 2, 2);
}

void hyp_debug_restore(struct hyp_cpu *cpu)
{
	debug_load(&cpu->host_debug);
	CP14_WRITE(cpu->host_dscr, 2, 2);
}
