/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Steps a guest instruction by instruction, and checks where each one leads and what it
 * leaves in the registers. ARMv7 has no single step: breakpoints are put wherever the
 * next instruction can be.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vmm/arm/vmm_regs.h>
#include "lib/vmmapi.h"

#define RAM_BASE 0x40000000u
#define RAM_SIZE 0x100000u
#define GICD	 0x08000000u
#define GICC	 0x08010000u
#define NIRQS	 64
#define NUMBERS	 5u /* are added up */

/* Each step but the branch's leads to the next instruction. */
extern const char guest_start[], guest_loop[], guest_end[];
asm("	.section .rodata\n"
    "	.syntax unified\n"
    "	.arm\n"
    "	.balign	4\n"
    "guest_start:\n"
    "	mov	r0, #5\n"
    "	mov	r1, #0\n"
    "guest_loop:\n"
    "	add	r1, r1, r0\n"
    "	subs	r0, r0, #1\n"
    "	bne	guest_loop\n"
    "guest_end:\n"
    "	nop\n"
    "	.text\n");

#define AT(label) (RAM_BASE + (uint32_t)((label)-guest_start))

static int failures;

static void check(const char *what, uint64_t got, uint64_t want)
{
	if (got == want) {
		printf("ok step/%s\n", what);
		return;
	}
	printf("not ok step/%s: %llu, want %llu\n", what,
	       (unsigned long long)got, (unsigned long long)want);
	failures++;
}

static void must(const char *what, int ret)
{
	if (ret >= 0)
		return;
	printf("not ok step/%s: %s\n", what, strerror(-ret));
	exit(1);
}

static uint64_t get(struct vcpu *vcpu, uint64_t id)
{
	uint64_t val = 0;

	must("vm_get_register", vm_get_register(vcpu, id, &val));
	return val;
}

static struct vcpu *make_machine(void)
{
	const size_t len = (size_t)(guest_end + 4 - guest_start);
	struct vmctx *ctx;
	struct vcpu *vcpu;
	char name[32];

	snprintf(name, sizeof(name), "step%d", (int)getpid());
	must("vm_create", vm_create(name, &ctx));
	must("vm_setup_memory", vm_setup_memory(ctx, RAM_BASE, RAM_SIZE));
	must("vm_attach_vgic", vm_attach_vgic(ctx, GICD, GICC, NIRQS, 1));
	must("vm_vcpu_open", vm_vcpu_open(ctx, 0, &vcpu));
	memcpy(vm_map_gpa(ctx, RAM_BASE, len), guest_start, len);
	must("vm_set_register",
	     vm_set_register(vcpu, VM_REG_GUEST_PC, RAM_BASE));
	return vcpu;
}

/* One instruction; where it has led. */
static uint32_t step(struct vcpu *vcpu)
{
	const uint32_t pc = (uint32_t)get(vcpu, VM_REG_GUEST_PC);
	struct vm_debug_args args = { .flags = VM_DEBUG_F_ON };
	const struct vm_exit *exit = &vcpu_run_page(vcpu)->exit;
	int ret;

	args.bp[0] = (struct vm_debug_point){ .gla = pc + 4, .len = 4 };
	if (pc + 4 == AT(guest_end))
		args.bp[1] = (struct vm_debug_point){ .gla = AT(guest_loop),
						      .len = 4 };
	must("vm_set_debug", vm_set_debug(vcpu, &args));
	do {
		ret = vm_run(vcpu);
	} while (ret == -EINTR ||
		 (!ret && exit->exitcode == VM_EXITCODE_BOGUS));
	must("vm_run", ret);
	if (exit->exitcode != VM_EXITCODE_BPT)
		must("the exit is a breakpoint's", -EPROTO);
	return (uint32_t)exit->pc;
}

int main(void)
{
	struct vcpu *vcpu = make_machine();
	uint32_t sum = 0;

	check("mov", step(vcpu), AT(guest_start) + 4);
	check("mov again", step(vcpu), AT(guest_loop));
	for (uint32_t n = NUMBERS; n; n--) {
		check("add", step(vcpu), AT(guest_loop) + 4);
		check("... the sum", get(vcpu, VM_REG_GUEST_R0 + 1), sum += n);
		check("subs", step(vcpu), AT(guest_loop) + 8);
		check("... what is left", get(vcpu, VM_REG_GUEST_R0), n - 1);
		check("bne", step(vcpu),
		      n > 1 ? AT(guest_loop) : AT(guest_end));
	}
	vm_destroy(vcpu_ctx(vcpu));
	return failures != 0;
}
