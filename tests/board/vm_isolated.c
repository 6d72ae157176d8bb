/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One guest plants a word wherever it can: registers, banked ones, VFP, CP15, the
 * PMU, memory, and interrupts that pend in its list registers. Another one on the
 * same CPU, which has set nothing, looks at the same places: the word is nowhere.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm.h"

#define DEVICE 0x10000000u
#define WORD   0x5ec3e7a9u /* in no register at reset */
#define SEEN   0x40000000u /* where the second one stores what it sees */
#define ROUNDS 20

extern const char plant_start[], plant_end[], look_start[], look_end[];
/*
 * MOVES: the same registers in the same order for both. PLANT writes r0 to each;
 * LOOK stores each at r1, which goes up.
 */
asm("	.section .rodata\n"
    "	.arm\n"
    "	.arch armv7-a\n"
    "	.arch_extension virt\n"
    "	.fpu neon\n"
    "	.macro	cp15 crn, op1, crm, op2\n"
    "	.if	planting\n"
    "	mcr	p15, \\op1, r0, \\crn, \\crm, \\op2\n"
    "	.else\n"
    "	mrc	p15, \\op1, r2, \\crn, \\crm, \\op2\n"
    "	str	r2, [r1], #4\n"
    "	.endif\n"
    "	.endm\n"
    "	.macro	banked reg\n"
    "	.if	planting\n"
    "	msr	\\reg, r0\n"
    "	.else\n"
    "	mrs	r2, \\reg\n"
    "	str	r2, [r1], #4\n"
    "	.endif\n"
    "	.endm\n"
    "	.macro	places\n"
    "	cp15	c13, 0, c0, 2\n" /* TPIDRURW, TPIDRURO, TPIDRPRW */
    "	cp15	c13, 0, c0, 3\n"
    "	cp15	c13, 0, c0, 4\n"
    "	cp15	c13, 0, c0, 1\n" /* CONTEXTIDR */
    "	cp15	c6, 0, c0, 0\n"	 /* DFAR, IFAR */
    "	cp15	c6, 0, c0, 2\n"
    "	cp15	c2, 0, c0, 0\n" /* TTBR0, TTBR1 */
    "	cp15	c2, 0, c0, 1\n"
    "	cp15	c3, 0, c0, 0\n"	 /* DACR */
    "	cp15	c10, 0, c2, 0\n" /* PRRR, NMRR */
    "	cp15	c10, 0, c2, 1\n"
    "	cp15	c12, 0, c0, 0\n" /* VBAR */
    "	cp15	c7, 0, c4, 0\n"	 /* PAR */
    "	cp15	c9, 0, c13, 0\n" /* PMCCNTR, then an event counter */
    "	cp15	c9, 0, c13, 2\n"
    "	banked	sp_usr\n"
    "	banked	lr_usr\n"
    "	banked	sp_irq\n"
    "	banked	lr_irq\n"
    "	banked	sp_abt\n"
    "	banked	lr_abt\n"
    "	banked	sp_und\n"
    "	banked	lr_und\n"
    "	banked	r8_fiq\n"
    "	banked	r12_fiq\n"
    "	banked	sp_fiq\n"
    "	banked	lr_fiq\n"
    "	.endm\n"
    "	.macro	enable_vfp\n"
    "	mov	r3, #0xf00000\n"
    "	mcr	p15, 0, r3, c1, c0, 2\n" /* CPACR */
    "	isb\n"
    "	mov	r3, #0x40000000\n"
    "	vmsr	fpexc, r3\n"
    "	.endm\n"
    "plant_start:\n"
    "	movw	r0, #0xe7a9\n"
    "	movt	r0, #0x5ec3\n"
    "	.set	planting, 1\n"
    "	places\n"
    "	enable_vfp\n"
    "	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "	vmov	d\\n, r0, r0\n"
    "	.endr\n"
    "	mov	r1, #0x40000000\n"
    "	add	r2, r1, #0x10000\n"
    "1:	str	r0, [r1], #4\n"
    "	cmp	r1, r2\n"
    "	blo	1b\n"
    "	mov	sp, r0\n"
    "	mov	lr, r0\n"
    "	mov	r1, r0\n"
    "	mov	r2, r0\n"
    "	mov	r3, r0\n"
    "	mov	r4, r0\n"
    "	mov	r5, r0\n"
    "	mov	r6, r0\n"
    "	mov	r7, r0\n"
    "	mov	r8, r0\n"
    "	mov	r9, r0\n"
    "	mov	r10, r0\n"
    "	mov	r12, r0\n"
    "	mov	r11, #0x10000000\n"
    "	str	r0, [r11]\n"
    "	.ltorg\n"
    "plant_end:\n"
    "look_start:\n"
    /*
     * str r0, [pc, #-8]: stores r0 here, because no other address is known yet. The
     * assembler would warn of it.
     */
    "	.inst	0xe50f0008\n"
    "	mov	r0, r1\n"
    "	movw	r1, #0\n"
    "	movt	r1, #0x4000\n"
    "	stmia	r1!, {r0, r2-r12}\n"
    "	str	sp, [r1], #4\n"
    "	str	lr, [r1], #4\n"
    "	.set	planting, 0\n"
    "	places\n"
    "	enable_vfp\n"
    "	vstmia	r1!, {d0-d15}\n"
    "	vstmia	r1!, {d16-d31}\n"
    "	movw	r3, #0\n" /* the CPU interface: what pends for it */
    "	movt	r3, #0x0801\n"
    "	mov	r4, #1\n"
    "	str	r4, [r3]\n"
    "	mov	r4, #0xff\n"
    "	str	r4, [r3, #4]\n"
    "	ldr	r4, [r3, #0xc]\n"
    "	mov	r11, #0x10000000\n"
    "	str	r4, [r11]\n"
    "look_end:\n"
    "	.text\n");

static unsigned int found;

static void scan(const char *where, const void *p, size_t len)
{
	const uint32_t *word = p;

	for (size_t i = 0; i < len / 4; i++)
		if (word[i] == WORD) {
			printf("# %s: the word is at %zu\n", where, i);
			found++;
		}
}

static void to_device(struct test_vm *vm, const char *what)
{
	int ret = run_to_exit(vm);

	if (!ret && vm->exit->exitcode == VM_EXITCODE_INST_EMUL &&
	    vm->exit->u.inst_emul.gpa == DEVICE)
		return;
	printf("not ok isolated: %s ended with %d, exit %u\n", what, ret,
	       vm->exit->exitcode);
	exit(1);
}

static void plant(struct test_vm *vm)
{
	make_test_vm(vm, 1, plant_start, plant_end);
	/* These go into list registers as soon as it runs. */
	for (uint32_t intid = 32; intid < 40; intid++)
		vm_assert_irq(vm->ctx, intid);
	to_device(vm, "the first guest");
	check_eq("isolated/planted", get_reg(vm->vcpu, VM_REG_GUEST_R4), WORD);
}

static void look(unsigned int round)
{
	struct test_vm vm;
	uint32_t iar;

	make_test_vm(&vm, 1, look_start, look_end);
	to_device(&vm, "the second guest");
	iar = (uint32_t)vcpu_run_page(vm.vcpu)->mmio_data;
	if (iar != 1023) {
		printf("# round %u: interrupt %u\n", round, iar);
		found++;
	}
	scan("its registers and memory",
	     vm_map_gpa(vm.ctx, GUEST_RAM, GUEST_SIZE), GUEST_SIZE);
	scan("the run page", vcpu_run_page(vm.vcpu), 4096);
	vm_destroy(vm.ctx);
}

int main(void)
{
	struct test_vm planter;
	cpu_set_t set;

	setvbuf(stdout, NULL, _IOLBF, 0);
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		plant(&planter);
		look(round);
		/* And its memory and tables are given back before the next. */
		vm_destroy(planter.ctx);
		look(round);
	}
	check_eq("isolated/nothing-of-the-other-guest-is-found", found, 0);
	return result();
}
