/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * WFI exits to user space, and the guest resumes after it, in ARM and in Thumb
 * state.
 */
#include "vm.h"

extern const char guest_start[], guest_end[];
asm("	.syntax unified\n"
    "	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #1\n"
    "	wfi\n"
    "	mov	r0, #2\n"
    "	wfi\n"
    "	adr	r1, 1f + 1\n"
    "	bx	r1\n"
    "	.thumb\n"
    "1:	movs	r0, #3\n"
    "	wfi\n"
    "	movs	r0, #4\n"
    "	wfi.w\n"
    "	movs	r0, #5\n"
    "	wfi\n"
    "	.balign	4\n"
    "	.arm\n"
    "guest_end:\n"
    "	.text\n");

int main(void)
{
	/* PC at each exit: behind the WFI. */
	static const uint32_t pcs[] = { 8, 16, 28, 34, 38 };
	struct test_vm vm;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	for (unsigned int i = 0; i < 5; i++) {
		check_eq("vm_wfi/run", (uint64_t)run_to_exit(&vm), 0);
		check_eq("vm_wfi/exit", vm.exit->exitcode, VM_EXITCODE_WFI);
		check_eq("vm_wfi/progress", get_reg(vm.vcpu, VM_REG_GUEST_R0),
			 i + 1);
		check_eq("vm_wfi/pc", get_reg(vm.vcpu, VM_REG_GUEST_PC),
			 GUEST_CODE + pcs[i]);
	}
	vm_destroy(vm.ctx);
	return result();
}
