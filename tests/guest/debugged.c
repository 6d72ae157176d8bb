/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest that tests/board/gdb debugs: three CPUs that count all the time,
 * and one that executes each kind of instruction that a debugger has to step.
 */
#include "exception.h"
#include "smp.h"
#include "test.h"

#define CPUS 4

volatile uint32_t total, rounds, counts[CPUS];
static struct trap trap;

uint32_t add(uint32_t a, uint32_t b);
uint32_t walk(uint32_t n);
void fall(uint32_t n);

__attribute__((noinline)) uint32_t add(uint32_t a, uint32_t b)
{
	total = a + b;
	return total;
}

asm("	.text\n"
    "	.arm\n"
    "	.balign	4\n"
    "	.globl	walk\n"
    "	.type	walk, %function\n"
    "walk:\n"
    "	push	{r4, r5, r6, lr}\n"
    "	mov	r4, r0\n"
    "	cmp	r4, #0\n"
    "	moveq	r5, #1\n"
    "	movne	r5, #2\n"
    "	bl	thumb_part\n"
    "	mrs	r6, cpsr\n"
    "	ldr	r1, =1f\n"
    "	bx	r1\n"
    "	nop\n"
    "1:	adr	r2, 2f\n"
    "	push	{r2}\n"
    "	ldr	pc, [sp], #4\n"
    "	nop\n"
    "2:	adr	r2, 3f\n"
    "	mov	pc, r2\n"
    "	nop\n"
    "3:	adr	r3, 4f\n"
    "	sub	r3, r3, #8\n"
    "	add	pc, r3, #8\n"
    "	nop\n"
    "4:	ldr	r3, =walked\n"
    "	.globl	exclusive, exclusive_end\n"
    "exclusive:\n"
    "5:	ldrex	r1, [r3]\n"
    "	add	r1, r1, #1\n"
    "	strex	r2, r1, [r3]\n"
    "exclusive_end:\n"
    "	cmp	r2, #0\n"
    "	bne	5b\n"
    "	mov	r2, #0x13\n" /* RFE, with the interrupts as they are */
    "	bic	r6, r6, #0x1f\n"
    "	orr	r6, r6, r2\n"
    "	adr	r5, 6f\n"
    "	push	{r5, r6}\n"
    "	rfeia	sp!\n"
    "	nop\n"
    "6:	mov	r0, r1\n"
    "	pop	{r4, r5, r6, pc}\n"
    "	.ltorg\n"
    "	.size	walk, . - walk\n"
    "	.thumb\n"
    "	.globl	thumb_part\n"
    "	.type	thumb_part, %function\n"
    "	.thumb_func\n"
    "thumb_part:\n"
    "	push	{r4, lr}\n"
    "	cmp	r0, r0\n"
    "	ittee	eq\n"
    "	moveq	r1, #1\n"
    "	addeq.w	r1, r1, #0x100\n"
    "	movne	r1, #3\n"
    "	addne	r1, #4\n"
    "	itt	ne\n"
    "	movne	r1, #5\n"
    "	bne	1f\n"
    "	cbz	r1, 1f\n"
    "	movs	r2, #1\n"
    "	tbb	[pc, r2]\n"
    "	.byte	(1f - (. + 0)) / 2, (2f - (. - 1)) / 2\n"
    "1:	nop\n"
    "2:	ldr	r3, =3f + 1\n"
    "	mov	pc, r3\n"
    "	nop\n"
    "3:	blx	arm_leaf\n"
    "	bl	thumb_leaf\n"
    "	b.w	4f\n"
    "	nop\n"
    "4:	cmp	r1, #0\n"
    "	bne.w	5f\n"
    "	nop\n"
    "5:	pop	{r4, pc}\n"
    "	.type	thumb_leaf, %function\n"
    "	.thumb_func\n"
    "thumb_leaf:\n"
    "	bx	lr\n"
    "	.ltorg\n"
    "	.arm\n"
    "	.type	arm_leaf, %function\n"
    "arm_leaf:\n"
    "	bx	lr\n"
    "	.ltorg\n"
    "	.bss\n"
    "	.balign	4\n"
    "walked:\n"
    "	.space	4\n"
    "	.text\n");

/* An exception and the return from it. */
__attribute__((noinline)) void fall(uint32_t n)
{
	TRAP(&trap, asm volatile("udf #1"));
	counts[0] = n;
}

static void count(uint32_t cpu)
{
	for (;;)
		counts[cpu]++;
}

int main(void)
{
	for (uint32_t cpu = 1; cpu < CPUS; cpu++)
		cpu_start(cpu, count, cpu);
	ok("debugged/running");
	for (uint32_t n = 0;; n++) {
		add(n, 1);
		walk(n);
		fall(n);
		rounds++;
	}
}
