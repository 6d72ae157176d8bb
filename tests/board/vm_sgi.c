/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An SGI to a vCPU that is neither in the guest nor asleep makes no full exit,
 * and is found at the vCPU's next entry.
 */
#include "vm.h"
#include <errno.h>
#include <vmm/vmm_stat.h>

extern const char guest_start[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mrc	p15, 0, r4, c0, c0, 5\n" /* MPIDR.Aff0 */
    "	ands	r4, r4, #1\n"
    "	bne	receiver\n"
    "	movw	r0, #0x0003\n" /* CPU_ON of the other vCPU */
    "	movt	r0, #0x8400\n"
    "	mov	r1, #1\n"
    "	adr	r2, receiver\n"
    "	.inst	0xe1400070\n" /* hvc #0 */
    "	wfi\n"
    "	mov	r0, #0x08000000\n"
    "	mov	r1, #1\n"
    "	str	r1, [r0]\n" /* GICD_CTLR.EnableGrp0 */
    "	movw	r1, #0x0003\n"
    "	movt	r1, #0x0002\n"	    /* SGI 3 to CPU 1 */
    "	str	r1, [r0, #0xf00]\n" /* GICD_SGIR */
    "	wfi\n"
    "receiver:\n"
    "	movw	r0, #0x0000\n"
    "	movt	r0, #0x0801\n"
    "	mov	r1, #1\n"
    "	str	r1, [r0]\n" /* GICC_CTLR.EnableGrp0 */
    "	mov	r1, #0xf8\n"
    "	str	r1, [r0, #0x4]\n" /* GICC_PMR */
    "	wfi\n"
    "	ldr	r2, [r0, #0xc]\n" /* GICC_IAR */
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

/* Runs up to the next WFI. */
static void run(struct vcpu *vcpu)
{
	struct vm_exit *exit = &vcpu_run_page(vcpu)->exit;
	int ret;

	do {
		ret = vm_run(vcpu);
	} while (ret == -EINTR ||
		 (!ret && exit->exitcode == VM_EXITCODE_BOGUS));
	check_eq("vm_sgi/run", (uint64_t)ret, 0);
	check_eq("vm_sgi/exit", exit->exitcode, VM_EXITCODE_WFI);
}

static uint64_t dist_exits(struct vcpu *vcpu)
{
	uint64_t stat[VM_STAT_MAX] = { 0 };

	vm_get_stats(vcpu, stat, VM_STAT_MAX);
	return stat[VM_STAT_GICD];
}

int main(void)
{
	struct vcpu *receiver;
	struct test_vm vm;

	make_test_vm(&vm, 2, guest_start, guest_end);
	receiver = vm_get_vcpu(vm.ctx, 1);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	vm_set_capability(receiver, VM_CAP_HALT_EXIT, 1);
	run(vm.vcpu);
	run(receiver);
	run(vm.vcpu);
	check_eq("vm_sgi/no-exit-to-send-it", dist_exits(vm.vcpu), 0);
	run(receiver);
	check_eq("vm_sgi/found", get_reg(receiver, VM_REG_GUEST_R2), 3);
	vm_destroy(vm.ctx);
	return result();
}
