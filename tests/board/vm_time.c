/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VM_SET_TIME sets the guest's time: both counters show it, and both timers
 * fire by it.
 */
#include "vm.h"

/* Far from the host's time, on both sides of 2^32 and of the sign bit. */
static const uint64_t times[] = { 0, 0xfffffff0, 0xfffffffffff00000ull };
/* In ticks, of at most 62.5 MHz: longer than this test takes. */
#define SOON 0x200000000ull

extern const char guest_start[], guest_end[];
/*
 * Reads CNTPCT into r0, r1 and CNTVCT into r2, r3; then waits for ISTATUS of
 * each timer: r4, r5. CNTV_TVAL is in r6.
 */
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mrrc	p15, 0, r0, r1, c14\n"
    "	isb\n"
    "	mrrc	p15, 1, r2, r3, c14\n"
    "	mov	r7, #1\n"
    "	mcr	p15, 0, r6, c14, c3, 0\n" /* CNTV_TVAL */
    "	mcr	p15, 0, r7, c14, c3, 1\n" /* CNTV_CTL */
    "1:	mrc	p15, 0, r4, c14, c3, 1\n"
    "	tst	r4, #4\n"
    "	beq	1b\n"
    "	mov	r6, #1000\n"
    "	mcr	p15, 0, r6, c14, c2, 0\n" /* CNTP_TVAL */
    "	mcr	p15, 0, r7, c14, c2, 1\n" /* CNTP_CTL */
    "2:	mrc	p15, 0, r5, c14, c2, 1\n"
    "	tst	r5, #4\n"
    "	beq	2b\n"
    "3:	wfi\n"
    "	b	3b\n"
    "guest_end:\n"
    "	.text\n");

static uint64_t pair(struct vcpu *vcpu, uint64_t low)
{
	return get_reg(vcpu, low) | get_reg(vcpu, low + 1) << 32;
}

/*
 * Where the guest's time is ahead of the host's, CVAL + CNTVOFF has a carry, and
 * QEMU 10 and 11 take it for a time that never comes
 * (findings/qemu-cntvoff-wrap.sh). There CVAL is a time that has come.
 */
static uint64_t cntv_tval(uint64_t time)
{
	return time ? 0 : 1000;
}

static void at(uint64_t time)
{
	uint64_t now = 0, physical, virtual;
	struct test_vm vm;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	set_reg(vm.vcpu, VM_REG_GUEST_R6, cntv_tval(time));
	check_eq("vm_time/set", (uint64_t)vm_set_time(vm.ctx, time), 0);
	check_eq("vm_time/run", (uint64_t)run_to_exit(&vm), 0);
	check_eq("vm_time/get", (uint64_t)vm_get_time(vm.ctx, &now), 0);
	physical = pair(vm.vcpu, VM_REG_GUEST_R0);
	virtual = pair(vm.vcpu, VM_REG_GUEST_R2);
	check("vm_time/now", now - time < SOON);
	check("vm_time/cntpct", physical - time < now - time);
	check("vm_time/cntvct", virtual - physical < now - physical);
	/* ENABLE and ISTATUS are set: the time has come. */
	check_eq("vm_time/cntv-fires", get_reg(vm.vcpu, VM_REG_GUEST_R4), 5);
	check_eq("vm_time/cntp-fires", get_reg(vm.vcpu, VM_REG_GUEST_R5), 5);
	check("vm_time/fire-in-time", now - physical >= 1000);
	vm_destroy(vm.ctx);
}

int main(void)
{
	for (unsigned int i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		at(times[i]);
	return result();
}
