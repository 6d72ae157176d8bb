/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program whose first instruction, which does nothing, tells the plugin to watch
 * from now on, or that another test begins (plugin.c).
 */
	.arm
	.text
	.global _start
_start:
	orr	r11, r11, r11
	mov	r7, #1		@ exit
	mov	r0, #0
	svc	#0
