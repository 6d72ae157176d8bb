/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel that starts as FreeBSD/armv7 does: linked at 0xc0000000, and entered
 * with the MMU off at any multiple of 1 MiB. It maps all memory at its physical
 * address, and 64 MiB from its own start where it was linked; then the kit's
 * start code runs.
 *
 * The binary (kernel.bin) is entered at its first byte, and the ELF file at its
 * entry, which is another one here so that the two can be told apart.
 */
	.syntax unified
	.arch armv7ve
	.arm

#define MIB		0x100000
#define KERNEL_VA	0xc0000000
#define KERNEL_MIBS	64
/*
 * Section descriptors (DDI 0406C, short-descriptor format): read-write,
 * write-back shareable or Device.
 */
#define SECTION_NORMAL	0x11c0e
#define SECTION_DEVICE	0x00c06
#define UART		0x09000000

	.section .text.start, "ax"
	.globl	freebsd_binary_entry
freebsd_binary_entry:
	mov	r11, #0
	b	1f

	.org	0x200
	.globl	freebsd_elf_entry
	.type	freebsd_elf_entry, %function
freebsd_elf_entry:
	mov	r11, #1
1:	adr	r4, freebsd_binary_entry	@ physical
	ldr	r5, =KERNEL_VA
	ldr	r6, =entry_state
	sub	r6, r6, r5
	add	r6, r6, r4
	mrs	r7, cpsr
	mrc	p15, 0, r8, c1, c0, 0		@ SCTLR
	stm	r6, {r0-r2, r4, r7, r8, r11}

	ldr	r9, =freebsd_table
	sub	r9, r9, r5
	add	r9, r9, r4			@ the table, physical
	mov	r0, #0				@ all of it where it is
	ldr	r1, =SECTION_NORMAL
2:	orr	r2, r1, r0, lsl #20
	str	r2, [r9, r0, lsl #2]
	add	r0, r0, #1
	cmp	r0, #4096
	blo	2b
	ldr	r0, =UART | SECTION_DEVICE
	str	r0, [r9, #UART / MIB * 4]
	mov	r0, #0				@ the kernel where it was linked
	orr	r1, r1, r4
	add	r3, r9, #KERNEL_VA / MIB * 4
3:	str	r1, [r3, r0, lsl #2]
	add	r1, r1, #MIB
	add	r0, r0, #1
	cmp	r0, #KERNEL_MIBS
	blo	3b

	dsb
	mov	r0, #0
	mcr	p15, 0, r0, c2, c0, 2		@ TTBCR
	mcr	p15, 0, r9, c2, c0, 0		@ TTBR0
	mov	r0, #1
	mcr	p15, 0, r0, c3, c0, 0		@ DACR: domain 0 is a client
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	mcr	p15, 0, r0, c7, c5, 0		@ ICIALLU
	dsb
	isb
	mrc	p15, 0, r0, c1, c0, 0
	orr	r0, r0, #1			@ M
	mcr	p15, 0, r0, c1, c0, 0
	isb
	ldr	pc, =_start

	@ What a kernel.bin is known for FreeBSD's by: the text that what(1) finds.
	.section .rodata.what, "a"
	.asciz	"@(#)FreeBSD 13.2-RELEASE (a guest test)"

	.data
	.balign	4
	.globl	entry_state
entry_state:
	.space	7 * 4

	.section .table, "aw", %nobits
	.balign	16384
	.globl	freebsd_table
freebsd_table:
	.space	16384

	.section .note.GNU-stack, "", %progbits
