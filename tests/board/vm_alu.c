/* SPDX-License-Identifier: BSD-2-Clause */
/* A few ALU instructions, and the registers that they leave. */
#include "vm.h"

extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.arm\n"
    "guest_start:\n"
    "	mov	r0, #40\n"
    "	add	r1, r0, #2\n" /* 42 */
    "	sub	r2, r0, r1\n" /* -2 */
    "	mul	r3, r1, r1\n" /* 1764 */
    "	movw	r4, #0x5678\n"
    "	movt	r4, #0x1234\n"
    "	eor	r5, r4, r2\n"
    "	lsl	r6, r1, #24\n"
    "	umull	r7, r8, r4, r4\n"
    "	subs	r9, r0, r0\n"  /* Z and C */
    "	adc	r10, r0, #0\n" /* 41 */
    "	rbit	r11, r0\n"
    "	clz	r12, r0\n"
    "	mov	sp, #0x1000\n"
    "	mov	lr, #0x2000\n"
    "	wfi\n"
    "guest_end:\n"
    "	.text\n");

int main(void)
{
	static const uint32_t want[13] = {
		40,	    42,		-2u,	    1764,	0x12345678,
		0xedcba986, 0x2a000000, 0x1df4d840, 0x014b66dc, 0,
		41,	    0x14000000, 26,
	};
	struct test_vm vm;

	make_test_vm(&vm, 1, guest_start, guest_end);
	vm_set_capability(vm.vcpu, VM_CAP_HALT_EXIT, 1);
	check_eq("vm_alu/run", (uint64_t)run_to_exit(&vm), 0);
	check_eq("vm_alu/exit", vm.exit->exitcode, VM_EXITCODE_WFI);
	for (unsigned int i = 0; i < 13; i++)
		check_eq("vm_alu/register",
			 get_reg(vm.vcpu, VM_REG_GUEST_R0 + i), want[i]);
	check_eq("vm_alu/sp_svc", get_reg(vm.vcpu, VM_REG_GUEST_SP_SVC),
		 0x1000);
	check_eq("vm_alu/lr_svc", get_reg(vm.vcpu, VM_REG_GUEST_LR_SVC),
		 0x2000);
	check_eq("vm_alu/flags", get_reg(vm.vcpu, VM_REG_GUEST_CPSR) >> 28, 6);
	vm_destroy(vm.ctx);
	return result();
}
