/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_set_debug(): breakpoints and watchpoints in ARM and Thumb code, and BKPT,
 * which goes to a debugger if there is one, else to the guest (DDI 0406C,
 * HDCR.TDE).
 */
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "vm.h"

#define CPSR_T	(1u << 5)
#define IFSR	VM_REG_CP15(5, 0, 0, 1)
#define VBAR	VM_REG_CP15(12, 0, 0, 0)
#define SVC_ARM 0x1d3u
#define USR_ARM 0x1d0u

#define DEVICE	0x10000000u
#define WORD	0x40020000u
#define VECTORS 0x40030000u

extern const char guest_start[], guest_thumb[], guest_bkpt[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "	.balign	4\n"
    "guest_start:\n"
    "	mov	r0, #1\n"
    "	mov	r0, #2\n"
    "	ldr	r1, [r3]\n"
    "	strb	r0, [r3, #1]\n"
    "	mov	r0, #3\n"
    "	str	r0, [r2]\n" /* a device */
    "	.thumb\n"
    "guest_thumb:\n"
    "	movs	r0, #4\n"
    "	movs	r0, #5\n"
    "	mov.w	r0, #6\n"
    "	str	r0, [r2]\n"
    "	nop\n"
    "	.arm\n"
    "	.balign	4\n"
    "guest_bkpt:\n"
    "	bkpt	#0x1234\n"
    "	str	r0, [r2]\n"
    "guest_end:\n"
    "	.text\n");

#define AT(label) ((uint32_t)(GUEST_CODE + ((label)-guest_start)))

static struct test_vm vm;

static void start_at(uint32_t pc, uint32_t cpsr)
{
	/* Completes the store to the device with which the last run ended. */
	vcpu_run_page(vm.vcpu)->flags = VM_RUN_COMPLETE;
	vm_run(vm.vcpu);
	set_reg(vm.vcpu, VM_REG_GUEST_PC, pc);
	set_reg(vm.vcpu, VM_REG_GUEST_CPSR, cpsr);
	set_reg(vm.vcpu, VM_REG_GUEST_R0, 0);
	set_reg(vm.vcpu, VM_REG_GUEST_R2, DEVICE);
	set_reg(vm.vcpu, VM_REG_GUEST_R2 + 1, WORD);
}

static struct vm_debug_args on(void)
{
	return (struct vm_debug_args){ .flags = VM_DEBUG_F_ON };
}

static void run(const struct vm_debug_args *args)
{
	check("vm_debug/set-debug", vm_set_debug(vm.vcpu, args) == 0);
	check("vm_debug/run", run_to_exit(&vm) == 0);
}

static void expect_bpt(const char *name, uint32_t pc, uint32_t r0)
{
	check_eq(name, vm.exit->exitcode, VM_EXITCODE_BPT);
	check_eq("... no watchpoint", vm.exit->u.bpt.watch, 0);
	check_eq("... there", vm.exit->pc, pc);
	check_eq("... its PC", get_reg(vm.vcpu, VM_REG_GUEST_PC), pc);
	check_eq("... before it", get_reg(vm.vcpu, VM_REG_GUEST_R0), r0);
}

static void expect_watch(const char *name, uint32_t pc, uint32_t gla)
{
	check_eq(name, vm.exit->exitcode, VM_EXITCODE_BPT);
	check_eq("... a watchpoint", vm.exit->u.bpt.watch, 1);
	check_eq("... before the access", get_reg(vm.vcpu, VM_REG_GUEST_PC),
		 pc);
	check_eq("... its address", vm.exit->u.bpt.gla, gla);
}

static void expect_device(const char *name)
{
	check_eq(name, vm.exit->exitcode, VM_EXITCODE_INST_EMUL);
}

/*
 * Sets a breakpoint or watchpoint of the host on this thread, which runs the
 * vCPU.
 */
static int set_host_point(uint32_t type, uint32_t addr)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.sample_period = 1,
		.bp_type = type,
		.bp_addr = addr,
		.bp_len = HW_BREAKPOINT_LEN_4,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static void run_beside(const char *name, uint32_t type, uint32_t addr)
{
	int fd = set_host_point(type, addr);

	check("vm_debug/the host's own", fd >= 0);
	start_at(GUEST_CODE, USR_ARM);
	check("... run", run_to_exit(&vm) == 0);
	expect_device(name);
	check_eq("... at its store", vm.exit->pc, GUEST_CODE + 20);
	check_eq("... after all else", get_reg(vm.vcpu, VM_REG_GUEST_R0), 3);
	close(fd);
}

/* A guest that nobody debugs sees none of the host's breakpoints. */
static void host_points(void)
{
	const struct vm_debug_args off = { 0 };

	run_beside("vm_debug/a breakpoint of the host's", HW_BREAKPOINT_X,
		   GUEST_CODE + 4);
	check("vm_debug/off", vm_set_debug(vm.vcpu, &off) == 0);
	run_beside("vm_debug/a watchpoint of the host's", HW_BREAKPOINT_RW,
		   WORD);
}

static void breakpoints(void)
{
	struct vm_debug_args args = on();

	args.bp[5] = (struct vm_debug_point){ .gla = GUEST_CODE + 4, .len = 4 };
	start_at(GUEST_CODE, SVC_ARM);
	run(&args);
	expect_bpt("vm_debug/arm", GUEST_CODE + 4, 1);
	run(&args);
	expect_bpt("vm_debug/arm again", GUEST_CODE + 4, 1);
	args.bp[5].len = 0;
	run(&args);
	expect_device("vm_debug/arm without it");

	args.bp[0] =
		(struct vm_debug_point){ .gla = AT(guest_thumb) + 2, .len = 2 };
	start_at(AT(guest_thumb), SVC_ARM | CPSR_T);
	run(&args);
	expect_bpt("vm_debug/thumb", AT(guest_thumb) + 2, 4);
	args.bp[0].gla += 2;
	run(&args);
	expect_bpt("vm_debug/thumb of 4 bytes", AT(guest_thumb) + 4, 5);
}

static void watchpoints(void)
{
	struct vm_debug_args args = on();

	args.wp[3] = (struct vm_debug_point){ .gla = WORD + 1,
					      .len = 1,
					      .flags = VM_WATCH_STORE };
	start_at(GUEST_CODE, SVC_ARM);
	run(&args);
	expect_watch("vm_debug/store", GUEST_CODE + 12, WORD + 1);
	args.wp[3].gla = WORD;
	start_at(GUEST_CODE, SVC_ARM);
	run(&args);
	expect_device("vm_debug/a store beside it");
	args.wp[3] = (struct vm_debug_point){ .gla = WORD - 0x1000,
					      .len = 0x2000,
					      .flags = VM_WATCH_LOAD };
	start_at(GUEST_CODE, SVC_ARM);
	check("vm_debug/misaligned block",
	      vm_set_debug(vm.vcpu, &args) == -EINVAL);
	args.wp[3].gla = WORD;
	run(&args);
	expect_watch("vm_debug/load", GUEST_CODE + 8, WORD);
}

static void bkpt(void)
{
	struct vm_debug_args args = on();

	start_at(AT(guest_bkpt), SVC_ARM);
	run(&args);
	expect_bpt("vm_debug/bkpt", AT(guest_bkpt), 0);
	/*
	 * Without a debugger, a BKPT is a Prefetch Abort, whose vector stores
	 * to a device.
	 */
	set_reg(vm.vcpu, VBAR, VECTORS);
	memcpy(vm_map_gpa(vm.ctx, VECTORS + 0xc, 4), guest_bkpt + 4, 4);
	check("vm_debug/sync", vm_sync_code(vm.ctx, VECTORS, 0x20) == 0);
	args.flags = 0;
	start_at(AT(guest_bkpt), SVC_ARM);
	run(&args);
	expect_device("vm_debug/bkpt without a debugger");
	check_eq("... is a prefetch abort", vm.exit->pc, VECTORS + 0xc);
	check_eq("... of a debug event", get_reg(vm.vcpu, IFSR) & 0x40f, 2);
}

/* VM_SYNC_CODE: the guest executes what was written last. */
static void written_code(void)
{
	struct vm_debug_args args = on();
	uint32_t *insn = vm_map_gpa(vm.ctx, GUEST_CODE, 4), old = *insn;

	start_at(GUEST_CODE, SVC_ARM);
	*insn = 0xe1200070; /* BKPT */
	check("vm_debug/sync", vm_sync_code(vm.ctx, GUEST_CODE, 4) == 0);
	run(&args);
	expect_bpt("vm_debug/a written bkpt", GUEST_CODE, 0);
	*insn = old;
	check("vm_debug/sync", vm_sync_code(vm.ctx, GUEST_CODE, 4) == 0);
	run(&args);
	expect_device("vm_debug/and the old code");
	check("vm_debug/sync wraps", vm_sync_code(vm.ctx, ~0ull, 4) == -EINVAL);
	check("vm_debug/sync at the end",
	      vm_sync_code(vm.ctx, ~0ull - 5, 4) == -EINVAL);
}

static void refused(void)
{
	struct vm_debug_args args = on();

	args.bp[0] = (struct vm_debug_point){ .gla = 2, .len = 4 };
	check("vm_debug/misaligned", vm_set_debug(vm.vcpu, &args) == -EINVAL);
	args.bp[0] = (struct vm_debug_point){ .gla = 1ull << 32, .len = 4 };
	check("vm_debug/beyond 4 GiB", vm_set_debug(vm.vcpu, &args) == -EINVAL);
	args.bp[0] = (struct vm_debug_point){ .gla = 4, .len = 4, .flags = 1 };
	check("vm_debug/flags", vm_set_debug(vm.vcpu, &args) == -EINVAL);
	args = on();
	args.wp[0] = (struct vm_debug_point){ .gla = 4, .len = 4 };
	check("vm_debug/neither load nor store",
	      vm_set_debug(vm.vcpu, &args) == -EINVAL);
	args = on();
	args.flags = 2;
	check("vm_debug/unknown flag", vm_set_debug(vm.vcpu, &args) == -EINVAL);
}

int main(void)
{
	uint64_t gpa = 0;

	make_test_vm(&vm, 1, guest_start, guest_end);
	host_points();
	breakpoints();
	watchpoints();
	bkpt();
	written_code();
	refused();
	check("vm_debug/translation off",
	      vm_gla2gpa_nofault(vm.vcpu, WORD + 5, &gpa) == 0);
	check_eq("... is the identity", gpa, WORD + 5);
	return result();
}
