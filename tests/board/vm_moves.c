/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_moves [MOVES]: a guest with two vCPUs moves to another VM at arbitrary
 * moments. Each vCPU has a timer that ticks every TICK ticks of the counter, and
 * at a tick it answers the other's last SGI with one; SGIs are numbered. Nothing
 * may be lost, come twice or come early, and VFP registers stay what they are.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "vm.h"

#define MAX_REGS 512
#define TICK	 1000000u /* 16 ms on the emulated board */

/* What the guest's two vCPUs tell, at GUEST_RAM and 4 KiB further on. */
struct told {
	uint32_t ticks;
	uint32_t early;	   /* ticks before their time */
	uint32_t received; /* SGIs */
	uint32_t wrong;	   /* SGIs that were not the next one */
	uint32_t sent;	   /* number of the last one that was sent to it */
	uint32_t vfp;	   /* times that VFP was wrong */
	uint32_t loops;
	uint32_t begun; /* low word of the counter when the timer was started */
	uint32_t answers; /* 1: it has got an SGI that it has not answered */
};

extern const char guest_start[], guest_end[];
/*
 * In the main loop: r4 struct told, r5 the other's, r6 GICC, r7 GICD, r8 what d8
 * holds. The handler of interrupts has r0 to r3 for itself.
 */
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "	.fpu neon\n"
    "guest_start:\n"
    "	b	start\n"
    "	b	.\n" /* the other vectors */
    "	b	.\n"
    "	b	.\n"
    "	b	.\n"
    "	b	.\n"
    "	b	interrupt\n"
    "	b	.\n"
    "start:\n"
    "	mrc	p15, 0, r9, c0, c0, 5\n"
    "	and	r9, r9, #1\n"
    "	mov	r4, #0x40000000\n"
    "	eor	r5, r9, #1\n"
    "	add	r5, r4, r5, lsl #12\n"
    "	add	r4, r4, r9, lsl #12\n"
    "	movw	r6, #0x0000\n"
    "	movt	r6, #0x0801\n"
    "	mov	r7, #0x08000000\n"
    "	movw	r0, #0x0000\n"
    "	movt	r0, #0x4001\n"
    "	mcr	p15, 0, r0, c12, c0, 0\n" /* VBAR */
    "	mrc	p15, 0, r0, c1, c0, 2\n"
    "	orr	r0, r0, #0xf00000\n"
    "	mcr	p15, 0, r0, c1, c0, 2\n"
    "	isb\n"
    "	mov	r0, #0x40000000\n"
    "	vmsr	fpexc, r0\n"
    "	mov	r0, #1\n"
    "	str	r0, [r6]\n"
    "	str	r0, [r7]\n"
    "	mov	r0, #0xf8\n"
    "	str	r0, [r6, #4]\n"
    "	mov	r0, #0x08000000\n"
    "	str	r0, [r7, #0x100]\n" /* PPI 27 */
    "	cps	#0x12\n"
    "	add	sp, r4, #0x1000\n" /* the stack of interrupts */
    "	cps	#0x13\n"
    "	cmp	r9, #0\n"
    "	bne	both\n"
    "	movw	r0, #0x0003\n" /* CPU_ON of the other, in the same place */
    "	movt	r0, #0x8400\n"
    "	mov	r1, #1\n"
    "	movw	r2, #0x0000\n"
    "	movt	r2, #0x4001\n"
    "	.inst	0xe1400070\n"
    "	mov	r0, r5\n"
    "	bl	send\n"
    "both:\n"
    "	mrrc	p15, 1, r0, r1, c14\n" /* CNTVCT */
    "	str	r0, [r4, #28]\n"
    "	movw	r2, #0x4240\n"
    "	movt	r2, #0x000f\n"
    "	adds	r0, r0, r2\n"
    "	adc	r1, r1, #0\n"
    "	mcrr	p15, 3, r0, r1, c14\n" /* CNTV_CVAL */
    "	mov	r0, #1\n"
    "	mcr	p15, 0, r0, c14, c3, 1\n"
    "	mov	r8, #0\n"
    "	vmov	d8, r8, r9\n"
    "	cpsie	i\n"
    "1:	ldr	r11, [r4, #24]\n"
    "	add	r11, r11, #1\n"
    "	str	r11, [r4, #24]\n"
    "	vmov	r10, r12, d8\n"
    "	cmp	r10, r8\n"
    "	cmpeq	r12, r9\n"
    "	ldrne	r10, [r4, #20]\n"
    "	addne	r10, r10, #1\n"
    "	strne	r10, [r4, #20]\n"
    "	add	r8, r8, #1\n"
    "	vmov	d8, r8, r9\n"
    "	tst	r8, #0xff\n"
    "	wfieq\n"
    "	b	1b\n"
    /* r0: struct told of whom SGI 1 goes to; overwrites r1 */
    "send:\n"
    "	ldr	r1, [r0, #16]\n"
    "	add	r1, r1, #1\n"
    "	str	r1, [r0, #16]\n"
    "	dsb\n"
    "	movw	r1, #0x0001\n"
    "	movt	r1, #0x0100\n" /* all but itself */
    "	str	r1, [r7, #0xf00]\n"
    "	bx	lr\n"
    "interrupt:\n"
    "	push	{r0-r3, r12, lr}\n"
    "2:	ldr	r3, [r6, #0xc]\n" /* GICC_IAR */
    "	ubfx	r0, r3, #0, #10\n"
    "	cmp	r0, #27\n"
    "	beq	tick\n"
    "	cmp	r0, #1\n"
    "	beq	message\n"
    "	pop	{r0-r3, r12, lr}\n"
    "	subs	pc, lr, #4\n"
    "tick:\n"
    "	mrrc	p15, 1, r0, r1, c14\n"
    "	mrrc	p15, 3, r2, r12, c14\n"
    "	subs	r0, r0, r2\n"
    "	sbcs	r1, r1, r12\n"
    "	ldrmi	r0, [r4, #4]\n"
    "	addmi	r0, r0, #1\n"
    "	strmi	r0, [r4, #4]\n"
    "	ldr	r0, [r4]\n"
    "	add	r0, r0, #1\n"
    "	str	r0, [r4]\n"
    "	movw	r0, #0x4240\n"
    "	movt	r0, #0x000f\n"
    "	adds	r2, r2, r0\n"
    "	adc	r12, r12, #0\n"
    "	mcrr	p15, 3, r2, r12, c14\n"
    "	isb\n"
    "	str	r3, [r6, #0x10]\n"
    "	ldr	r0, [r4, #32]\n"
    "	cmp	r0, #0\n"
    "	beq	2b\n"
    "	mov	r0, #0\n"
    "	str	r0, [r4, #32]\n"
    "	mov	r0, r5\n"
    "	bl	send\n"
    "	b	2b\n"
    "message:\n"
    "	ldr	r0, [r4, #8]\n"
    "	add	r0, r0, #1\n"
    "	str	r0, [r4, #8]\n"
    "	ldr	r1, [r4, #16]\n"
    "	cmp	r0, r1\n"
    "	ldrne	r0, [r4, #12]\n"
    "	addne	r0, r0, #1\n"
    "	strne	r0, [r4, #12]\n"
    "	str	r3, [r6, #0x10]\n"
    "	mov	r0, #1\n"
    "	str	r0, [r4, #32]\n" /* the answer goes with the next tick */
    "	b	2b\n"
    "guest_end:\n"
    "	.text\n");

static pthread_t threads[2];

static void *run_until_stopped(void *arg)
{
	struct vcpu *vcpu = arg;
	const struct vm_exit *exit = &vcpu_run_page(vcpu)->exit;
	int ret;

	do
		ret = vm_run(vcpu);
	while (ret == -EINTR || (!ret && exit->exitcode == VM_EXITCODE_BOGUS));
	if (ret || exit->exitcode != VM_EXITCODE_DEBUG)
		check("vm_moves/stop", false);
	return NULL;
}

static void go(struct test_vm *vm)
{
	vm_resume_cpu(vm->ctx, VM_MAXCPU);
	for (unsigned int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run_until_stopped,
			       vm_get_vcpu(vm->ctx, i));
}

static void stop(struct test_vm *vm)
{
	vm_suspend_cpu(vm->ctx, VM_MAXCPU);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static int copy_registers(struct vcpu *from, struct vcpu *to)
{
	uint64_t ids[MAX_REGS], val;
	int n = vm_get_reg_list(from, ids, MAX_REGS), bad = 0;

	for (int i = 0; i < n; i++)
		bad += vm_get_register(from, ids[i], &val) ||
		       vm_set_register(to, ids[i], val);
	return bad;
}

static void move(struct test_vm *vm)
{
	static struct vm_vgic_state state;
	struct test_vm to;
	uint64_t count;
	int bad;

	make_test_vm(&to, 2, guest_start, guest_end);
	bad = vm_get_vgic_state(vm->ctx, &state) ||
	      vm_set_vgic_state(to.ctx, &state);
	for (unsigned int i = 0; i < 2; i++)
		bad += copy_registers(vm_get_vcpu(vm->ctx, i),
				      vm_get_vcpu(to.ctx, i));
	memcpy(vm_map_gpa(to.ctx, GUEST_RAM, GUEST_SIZE),
	       vm_map_gpa(vm->ctx, GUEST_RAM, GUEST_SIZE), GUEST_SIZE);
	bad += vm_get_time(vm->ctx, &count) || vm_set_time(to.ctx, count);
	if (bad)
		check("vm_moves/move", false);
	vm_destroy(vm->ctx);
	*vm = to;
}

static const struct told *told_by(struct test_vm *vm, unsigned int vcpu)
{
	return vm_map_gpa(vm->ctx, GUEST_RAM + vcpu * 4096,
			  sizeof(struct told));
}

static void run_for(struct test_vm *vm, long ns)
{
	go(vm);
	nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
	stop(vm);
}

static bool has_ticked_until(struct test_vm *vm, uint64_t time)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct told *told = told_by(vm, i);
		uint32_t passed = (uint32_t)time - told->begun;

		/* Before the guest runs, and if it began later than at time. */
		if (!told->begun ||
		    (passed < 1u << 31 && told->ticks < passed / TICK))
			return false;
	}
	return true;
}

/*
 * Each tick starts the timer for the next one, so a lost one is the last. The
 * host may be slow, but not for a minute.
 */
static void check_all_ticks(struct test_vm *vm)
{
	uint64_t now = 0;
	unsigned int n = 0;

	run_for(vm, 100000000);
	vm_get_time(vm->ctx, &now);
	while (!has_ticked_until(vm, now) && n++ < 600)
		run_for(vm, 100000000);
	check("vm_moves/every-tick-came", has_ticked_until(vm, now));
}

static void check_guest(struct test_vm *vm)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct told *told = told_by(vm, i);

		printf("# vCPU %u: %u loops, %u ticks, %u SGIs\n", i,
		       told->loops, told->ticks, told->received);
		check("vm_moves/it-ticks", told->ticks > 5);
		check_eq("vm_moves/no-tick-came-early", told->early, 0);
		check_eq("vm_moves/no-sgi-twice-or-lost", told->wrong, 0);
		check("vm_moves/sgis-go-on", told->received > 2);
		check("vm_moves/last-sgi", told->sent - told->received <= 1);
		check_eq("vm_moves/vfp-stays", told->vfp, 0);
	}
}

int main(int argc, char **argv)
{
	unsigned int moves = argc > 1 ? (unsigned int)atoi(argv[1]) : 200;
	struct test_vm vm;

	make_test_vm(&vm, 2, guest_start, guest_end);
	for (unsigned int n = 0; n < moves; n++) {
		/* 0.1 to 6 ms, so that it does not go with the ticks. */
		run_for(&vm, 100000 + n * 7919 % 60 * 100000);
		move(&vm);
	}
	check_all_ticks(&vm);
	check_guest(&vm);
	vm_destroy(vm.ctx);
	return result();
}
