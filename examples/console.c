/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole virtual machine monitor: one virtual CPU, memory, an interrupt controller,
 * and a console on stdin and stdout. Its guest greets, gives back in capitals what is
 * typed, and switches the machine off at a "q", or at the input's end.
 *
 *     cc -I. -Iinclude examples/console.c build/armhf/lib/libvmmapi.a
 */
#include <errno.h>
#include <stdbool.h>
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
/* One word: a load gives the next character of the input, a store prints one. */
#define CONSOLE 0x09000000u

/* The guest. r4 is the console; r0 to be PSCI's SYSTEM_OFF at the end. */
extern const char guest_start[], guest_end[];
asm("	.section .rodata\n"
    "	.syntax unified\n"
    "	.arm\n"
    "	.balign	4\n"
    "guest_start:\n"
    "	mov	r4, #0x09000000\n"
    "	adr	r5, greeting\n"
    "1:	ldrb	r0, [r5], #1\n"
    "	cmp	r0, #0\n"
    "	strne	r0, [r4]\n"
    "	bne	1b\n"
    "2:	ldr	r0, [r4]\n"
    "	cmp	r0, #'q'\n"
    "	cmpne	r0, #0\n"
    "	beq	3f\n"
    "	cmp	r0, #'a'\n"
    "	bicge	r0, r0, #0x20\n"
    "	str	r0, [r4]\n"
    "	b	2b\n"
    "3:	ldr	r0, =0x84000008\n"
    "	.inst	0xe1400070\n" /* HVC #0 */
    "	.ltorg\n"
    "greeting:\n"
    "	.asciz	\"Hello from the guest. Type, and q to end.\\n\"\n"
    "	.balign	4\n"
    "guest_end:\n"
    "	.text\n");

static void must(const char *what, int ret)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(-ret));
	exit(1);
}

static int console_load(struct vcpu *vcpu, uint64_t gpa, uint64_t *rval,
			int size, void *arg)
{
	int c;

	(void)vcpu, (void)size, (void)arg;
	if (gpa != CONSOLE)
		return -ENODEV;
	c = getchar();
	*rval = c == EOF ? 0 : (uint64_t)c;
	return 0;
}

static int console_store(struct vcpu *vcpu, uint64_t gpa, uint64_t wval,
			 int size, void *arg)
{
	(void)vcpu, (void)size, (void)arg;
	if (gpa != CONSOLE)
		return -ENODEV;
	putchar((int)(wval & 0xff));
	fflush(stdout);
	return 0;
}

static struct vcpu *make_machine(void)
{
	const size_t len = (size_t)(guest_end - guest_start);
	struct vmctx *ctx;
	struct vcpu *vcpu;
	char name[32];

	snprintf(name, sizeof(name), "console%d", (int)getpid());
	must("vm_create", vm_create(name, &ctx));
	must("vm_setup_memory", vm_setup_memory(ctx, RAM_BASE, RAM_SIZE));
	must("vm_attach_vgic", vm_attach_vgic(ctx, GICD, GICC, NIRQS, 1));
	must("vm_vcpu_open", vm_vcpu_open(ctx, 0, &vcpu));
	memcpy(vm_map_gpa(ctx, RAM_BASE, len), guest_start, len);
	must("vm_set_register",
	     vm_set_register(vcpu, VM_REG_GUEST_PC, RAM_BASE));
	return vcpu;
}

/* Whether the guest is to go on. */
static bool answer(struct vcpu *vcpu, const struct vm_exit *e)
{
	switch (e->exitcode) {
	case VM_EXITCODE_BOGUS:
		return true;
	case VM_EXITCODE_INST_EMUL:
		must("an access of the guest's",
		     vmm_emulate_instruction(vcpu, e->u.inst_emul.gpa,
					     &e->u.inst_emul.vie, console_load,
					     console_store, NULL));
		return true;
	case VM_EXITCODE_SUSPENDED:
		return false;
	default:
		fprintf(stderr, "exit %u at 0x%llx\n", e->exitcode,
			(unsigned long long)e->pc);
		exit(1);
	}
}

int main(void)
{
	struct vcpu *vcpu = make_machine();
	int ret;

	do {
		ret = vm_run(vcpu);
		if (ret != -EINTR)
			must("vm_run", ret);
	} while (ret == -EINTR || answer(vcpu, &vcpu_run_page(vcpu)->exit));
	vm_destroy(vcpu_ctx(vcpu));
	return 0;
}
