/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's whole state is read, and set in another VM, where it goes on as if
 * nothing had happened: an active interrupt, an SGI and a level that wait, a
 * timer that runs, VFP, a vCPU that is off and one that is about to start.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "vm.h"

#define MAX_REGS 512
#define SPI_A	 40
#define SPI_B	 41
#define TIMER	 27
#define NOTHING	 0x20000000u /* where no memory is */

extern const char guest_start[], guest_end[];
/*
 * WFI marks the places at which it may move. A physical interrupt that is pending
 * makes it do nothing (DDI 0406C B1.8.13), so it is repeated until the host has seen
 * it and sets r2. Results are in r4 to r12. r0 and r1 are the bases of GICD and GICC.
 */
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "	.fpu neon\n"
    "	.macro	halt\n"
    "	mov	r2, #0\n"
    "9:	wfi\n"
    "	cmp	r2, #0\n"
    "	beq	9b\n"
    "	.endm\n"
    "guest_start:\n"
    "	mov	r0, #0x08000000\n"
    "	movw	r1, #0x0000\n"
    "	movt	r1, #0x0801\n"
    "	mov	r2, #1\n"
    "	str	r2, [r0]\n" /* GICD_CTLR */
    "	str	r2, [r1]\n" /* GICC_CTLR */
    "	mov	r2, #0xf8\n"
    "	str	r2, [r1, #0x4]\n" /* GICC_PMR */
    "	mov	r2, #0x300\n"
    "	str	r2, [r0, #0x104]\n" /* enable SPI 40 and 41 */
    "	movw	r2, #0x9040\n"
    "	str	r2, [r0, #0x428]\n" /* priorities 0x40, 0x90 */
    "	movw	r2, #0x0101\n"
    "	str	r2, [r0, #0x828]\n" /* both to CPU 0 */
    "	mov	r2, #0x80\n"
    "	strb	r2, [r0, #0x403]\n" /* priority of SGI 3 */
    "	halt\n"
    /* the host has raised both lines */
    "	ldr	r4, [r1, #0xc]\n" /* GICC_IAR: SPI 40 is active from here on */
    "	movw	r2, #0x0003\n"
    "	movt	r2, #0x0200\n"
    "	str	r2, [r0, #0xf00]\n" /* SGI 3 to itself: it waits */
    "	mrc	p15, 0, r2, c1, c0, 2\n"
    "	orr	r2, r2, #0xf00000\n"
    "	mcr	p15, 0, r2, c1, c0, 2\n" /* CPACR */
    "	isb\n"
    "	mov	r2, #0x40000000\n"
    "	vmsr	fpexc, r2\n"
    "	movw	r2, #0x1234\n"
    "	movw	r3, #0x5678\n"
    "	vmov	d0, r2, r3\n"
    "	mcr	p15, 0, r3, c13, c0, 2\n" /* TPIDRURW */
    "	movw	r2, #0x4240\n"
    "	movt	r2, #0x000f\n"
    "	mcr	p15, 0, r2, c14, c3, 0\n" /* CNTV_TVAL: 1,000,000 */
    "	mov	r2, #1\n"
    "	mcr	p15, 0, r2, c14, c3, 1\n" /* CNTV_CTL */
    "	halt\n"
    /* the host has lowered the line of SPI 40 */
    "	str	r4, [r1, #0x10]\n" /* GICC_EOIR */
    "	ldr	r5, [r1, #0xc]\n"  /* SGI 3 */
    "	halt\n"
    "	str	r5, [r1, #0x10]\n"
    "	ldr	r6, [r1, #0xc]\n" /* SPI 41 */
    "	mov	r2, #0x200\n"
    "	str	r2, [r0, #0x184]\n" /* disable it, because its line stays up */
    "	str	r6, [r1, #0x10]\n"
    "	mov	r2, #0x08000000\n"
    "	str	r2, [r0, #0x100]\n" /* enable the timer's PPI */
    "1:	ldr	r7, [r1, #0xc]\n"
    "	movw	r2, #1023\n"
    "	cmp	r7, r2\n"
    "	beq	1b\n"
    "	halt\n" /* the timer's PPI is active, and its line is up */
    "	mov	r2, #0\n"
    "	mcr	p15, 0, r2, c14, c3, 1\n"
    "	isb\n"
    "	str	r7, [r1, #0x10]\n"
    "	ldr	r8, [r1, #0xc]\n" /* 1023: it does not come twice */
    "	vmov	r9, r10, d0\n"
    "	mrc	p15, 0, r11, c13, c0, 2\n"
    "	movw	r0, #0x0004\n" /* AFFINITY_INFO */
    "	movt	r0, #0x8400\n"
    "	mov	r1, #1\n"
    "	mov	r2, #0\n"
    "	.inst	0xe1400070\n" /* hvc #0 */
    "	mov	r12, r0\n"
    "	halt\n"
    "	movw	r0, #0x0003\n" /* CPU_ON */
    "	movt	r0, #0x8400\n"
    "	mov	r1, #1\n"
    "	adr	r2, second\n"
    "	movw	r3, #0x4321\n"
    "	.inst	0xe1400070\n"
    "	halt\n"
    "	mov	r1, #0x20000000\n"
    "	ldr	r0, [r1]\n"
    "1:	wfi\n"
    "	b	1b\n"
    "second:\n"
    "	mov	r4, r0\n"
    "1:	wfi\n"
    "	b	1b\n"
    "guest_end:\n"
    "	.text\n");

static void start(struct test_vm *vm)
{
	make_test_vm(vm, 2, guest_start, guest_end);
	for (unsigned int i = 0; i < 2; i++)
		vm_set_capability(vm_get_vcpu(vm->ctx, i), VM_CAP_HALT_EXIT, 1);
}

static void copy_registers(struct vcpu *from, struct vcpu *to)
{
	uint64_t ids[MAX_REGS], val;
	int n = vm_get_reg_list(from, ids, MAX_REGS), ret;

	check("vm_state/reg-list", n > 100);
	for (int i = 0; i < n; i++) {
		ret = vm_get_register(from, ids[i], &val);
		if (!ret)
			ret = vm_set_register(to, ids[i], val);
		if (ret)
			printf("not ok vm_state/register-%#" PRIx64 ": %s\n",
			       ids[i], strerror(-ret));
	}
}

/* Whether all that the first VM's registers say is what the second's say. */
static int differences(struct vcpu *a, struct vcpu *b)
{
	uint64_t ids[MAX_REGS], x, y;
	int n = vm_get_reg_list(a, ids, MAX_REGS), bad = 0;

	for (int i = 0; i < n; i++) {
		x = get_reg(a, ids[i]);
		y = get_reg(b, ids[i]);
		/* PMCCNTR counts, if the guest lets it. */
		bad += x != y;
	}
	return bad;
}

static void move(struct test_vm *vm)
{
	static struct vm_vgic_state state, again;
	struct test_vm to;
	uint64_t count;
	int bad = 0;

	start(&to);
	memcpy(vm_map_gpa(to.ctx, GUEST_RAM, GUEST_SIZE),
	       vm_map_gpa(vm->ctx, GUEST_RAM, GUEST_SIZE), GUEST_SIZE);
	memset(&state, 0xa5, sizeof(state));
	check_eq("vm_state/get-vgic",
		 (uint64_t)vm_get_vgic_state(vm->ctx, &state), 0);
	check_eq("vm_state/set-vgic",
		 (uint64_t)vm_set_vgic_state(to.ctx, &state), 0);
	vm_get_vgic_state(to.ctx, &again);
	check("vm_state/same-vgic", !memcmp(&state, &again, sizeof(state)));
	for (unsigned int i = 0; i < 2; i++) {
		copy_registers(vm_get_vcpu(vm->ctx, i), vm_get_vcpu(to.ctx, i));
		bad += differences(vm_get_vcpu(vm->ctx, i),
				   vm_get_vcpu(to.ctx, i));
	}
	check_eq("vm_state/same-registers", (uint64_t)bad, 0);
	vm_get_time(vm->ctx, &count);
	check_eq("vm_state/set-time", (uint64_t)vm_set_time(to.ctx, count), 0);
	vm_destroy(vm->ctx);
	*vm = to;
}

static bool moves;

/* Runs up to the next WFI, and there it may move. */
static void run(struct test_vm *vm)
{
	check_eq("vm_state/run", (uint64_t)run_to_exit(vm), 0);
	check_eq("vm_state/exit", vm->exit->exitcode, VM_EXITCODE_WFI);
	set_reg(vm->vcpu, VM_REG_GUEST_R0 + 2, 1);
	if (moves)
		move(vm);
}

static void result_is(struct test_vm *vm, unsigned int r, uint64_t want)
{
	char name[32];

	snprintf(name, sizeof(name), "vm_state/%s-r%u",
		 moves ? "moved" : "stayed", r);
	check_eq(name, get_reg(vm->vcpu, VM_REG_GUEST_R0 + r), want);
}

static void check_results(struct test_vm *vm)
{
	result_is(vm, 4, SPI_A);
	result_is(vm, 5, 3);
	result_is(vm, 6, SPI_B);
	result_is(vm, 7, TIMER);
	result_is(vm, 8, 1023);
	result_is(vm, 9, 0x1234);
	result_is(vm, 10, 0x5678);
	result_is(vm, 11, 0x5678);
	result_is(vm, 12, 1); /* OFF */
}

static void second_starts(struct test_vm *vm)
{
	struct vcpu *second = vm_get_vcpu(vm->ctx, 1);
	struct vm_exit *exit = &vcpu_run_page(second)->exit;

	check_eq("vm_state/on-pending", get_reg(second, VM_REG_VCPU_POWER),
		 VM_POWER_ON_PENDING);
	do
		vm_run(second);
	while (exit->exitcode == VM_EXITCODE_BOGUS);
	check_eq("vm_state/starts", exit->exitcode, VM_EXITCODE_WFI);
	check_eq("vm_state/context", get_reg(second, VM_REG_GUEST_R4), 0x4321);
	check_eq("vm_state/on", get_reg(second, VM_REG_VCPU_POWER),
		 VM_POWER_ON);
}

/* Between a load and its value there is no state. */
static void pending_mmio(struct test_vm *vm)
{
	struct vm_run *page = vcpu_run_page(vm->vcpu);
	static struct vm_vgic_state state;

	check_eq("vm_state/load", (uint64_t)run_to_exit(vm), 0);
	check_eq("vm_state/load-exits", vm->exit->exitcode,
		 VM_EXITCODE_INST_EMUL);
	check_eq("vm_state/load-address", vm->exit->u.inst_emul.gpa, NOTHING);
	check_eq("vm_state/busy", (uint64_t)vm_get_vgic_state(vm->ctx, &state),
		 (uint64_t)-EBUSY);
	page->mmio_data = 77;
	page->flags = VM_RUN_COMPLETE;
	check_eq("vm_state/complete", (uint64_t)vm_run(vm->vcpu), 0);
	if (moves)
		move(vm);
	check_eq("vm_state/loaded", get_reg(vm->vcpu, VM_REG_GUEST_R0), 77);
	check_eq("vm_state/not-busy",
		 (uint64_t)vm_get_vgic_state(vm->ctx, &state), 0);
}

static void pending_abort(struct test_vm *vm)
{
	/* FSC 0x11 of a Data Abort: an asynchronous external abort. */
	vm_inject_exception(vm->vcpu, 0x24u << 26 | 0x11, 0);
	move(vm);
	check_eq("vm_state/abort", get_reg(vm->vcpu, VM_REG_VCPU_ABORT), 1);
}

static void whole_run(void)
{
	struct test_vm vm;

	start(&vm);
	run(&vm);
	vm_assert_irq(vm.ctx, SPI_A);
	vm_assert_irq(vm.ctx, SPI_B);
	run(&vm);
	vm_deassert_irq(vm.ctx, SPI_A);
	for (unsigned int i = 0; i < 3; i++)
		run(&vm);
	check_results(&vm);
	run(&vm);
	second_starts(&vm);
	pending_mmio(&vm);
	pending_abort(&vm);
	vm_destroy(vm.ctx);
}

static void refuses_register(struct vcpu *vcpu, uint64_t id, uint64_t val)
{
	char name[48];

	snprintf(name, sizeof(name), "vm_state/refuses-%#" PRIx64, id);
	check_eq(name, (uint64_t)vm_set_register(vcpu, id, val),
		 (uint64_t)-EINVAL);
}

/* State that only a guest of another CPU could have, or no guest, is refused. */
static void refusals(void)
{
	static const uint64_t fixed[] = {
		VM_REG_CP15(0, 0, 0, 0),  VM_REG_CP15(0, 0, 0, 1),
		VM_REG_CP15(0, 0, 1, 0),  VM_REG_CP15(14, 0, 0, 0),
		VM_REG_CP15(1, 0, 0, 1),  VM_REG_CCSIDR(0),
		VM_REG_VFP_FPSID,	  VM_REG_VFP_MVFR0,
		VM_REG_VCPU_WORKAROUND_1,
	};
	struct vm_vgic_state state;
	struct test_vm vm;

	start(&vm);
	for (unsigned int i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		refuses_register(vm.vcpu, fixed[i],
				 get_reg(vm.vcpu, fixed[i]) ^ 1);
	refuses_register(vm.vcpu, VM_REG_VCPU_POWER, VM_POWER_SUSPENDED + 1);
	refuses_register(vm.vcpu, VM_REG_VCPU_ABORT, 2);
	refuses_register(vm.vcpu, VM_REG_VCPU_ENTRY, 1ull << 32);
	refuses_register(vm.vcpu, VM_REG_VFP_FPSCR, 1ull << 32);
	refuses_register(vm.vcpu, VM_REG_CP15(1, 0, 0, 0), 1ull << 32);
	vm_get_vgic_state(vm.ctx, &state);
	state.ncpus++;
	check_eq("vm_state/refuses-cpus",
		 (uint64_t)vm_set_vgic_state(vm.ctx, &state),
		 (uint64_t)-EINVAL);
	vm_destroy(vm.ctx);
}

static void no_vgic(void)
{
	struct vm_vgic_state state;
	struct vmctx *ctx;

	if (vm_create("without", &ctx))
		return check("vm_state/create", false);
	check_eq("vm_state/no-vgic", (uint64_t)vm_get_vgic_state(ctx, &state),
		 (uint64_t)-ENXIO);
	memset(&state, 0, sizeof(state));
	check_eq("vm_state/no-vgic-to-set",
		 (uint64_t)vm_set_vgic_state(ctx, &state), (uint64_t)-ENXIO);
	vm_destroy(ctx);
}

int main(void)
{
	whole_run();
	moves = true;
	whole_run();
	refusals();
	no_vgic();
	return result();
}
