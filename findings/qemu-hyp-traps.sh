#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU's emulated Cortex-A15 takes fewer traps to HYP mode than the architecture
# asks for, each version others. Who tests an ARMv7 hypervisor on it alone ships
# paths that never ran. A program in HYP mode sets one trap at a time, drops to
# SVC mode, executes the instruction, and says where it went: H to HYP mode, U to
# the guest's own Undefined Instruction vector, - nowhere.
#
# What the manual asks for (DDI 0406C, the pages of HCR, HCPTR and FPEXC):
#   vfp    FPEXC.EN = 0 with HCPTR.TCP10/TCP11 = 1: U. EN is asked first.
#   dccisw HCR.TSW: H.      icimvau HCR.TPU: H.     dccimvac HCR.TPC: H.
#   tcmtr  HCR.TID1: H.                             isar0 HCR.TID3: H.
#   c15    HCR.TIDCP, with c15, c0, 0: H.           wfe  HCR.TWE: H.
#   sctlr  HCR.TVM, a write of SCTLR: H.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

cat >"$tmp/probe.s" <<'END'
	.arch armv7-a
	.arch_extension virt
	.arch_extension sec
	.fpu neon
	.global _start
	.macro trap hcr, hcptr, insn:vararg
	ldr r0, =\hcr
	mcr p15, 4, r0, c1, c1, 0
	ldr r0, =\hcptr
	mcr p15, 4, r0, c1, c1, 2
	adr r0, 1f
	msr elr_hyp, r0
	adr r8, 2f
	mov r0, #0xd3
	msr spsr_cxsf, r0
	mov r4, #'-'
	mov r1, #0
	isb
	eret
	.align 2
1:	\insn
	b leave
	.ltorg
2:
	.endm
_start:	ldr r5, =0x09000000
	ldr r0, =hyp_vectors
	mcr p15, 4, r0, c12, c0, 0
	ldr r0, =vectors
	mcr p15, 0, r0, c12, c0, 0
	mov r0, #0xf00000
	mcr p15, 0, r0, c1, c0, 2
	isb
	trap 0, 0xc00, vmov.f32 s0, s1
	trap 0x400000, 0, mcr p15, 0, r1, c7, c14, 2
	trap 0x1000000, 0, mcr p15, 0, r5, c7, c5, 1
	trap 0x800000, 0, mcr p15, 0, r5, c7, c14, 1
	trap 0x10000, 0, mrc p15, 0, r1, c0, c0, 2
	trap 0x40000, 0, mrc p15, 0, r1, c0, c2, 0
	trap 0x100000, 0, mrc p15, 0, r1, c15, c0, 0
	trap 0x4000, 0, wfe
	trap 0x4000000, 0, mcr p15, 0, r6, c1, c0, 0
	mov r0, #'\n'
	str r0, [r5]
	ldr r0, =0x84000008
	smc #0
	b .
	@ Undefined Instruction of the guest: U. HVC brings it back to HYP mode.
undef:	mov r4, #'U'
leave:	mov r7, #1
	hvc #0
	@ In HYP mode: r7 tells a return from a trap.
trapped:
	cmp r7, #1
	movne r4, #'H'
	str r4, [r5]
	mov r7, #0
	mov r0, #0
	mcr p15, 4, r0, c1, c1, 2
	bx r8
	.align 5
hyp_vectors:
	.rept 8
	b trapped
	.endr
	.align 5
vectors:
	b .
	b undef
	.rept 6
	b .
	.endr
END
# SCTLR as it is, for the last of them.
sed -i 's/^_start:/_start:	mrc p15, 0, r6, c1, c0, 0\n/' "$tmp/probe.s"
assemble "$tmp/probe"

look() { # SUITE VERSION WANT
	expect "QEMU $2: vfp dccisw icimvau dccimvac tcmtr isar0 c15 wfe sctlr" "$3" \
		"$(emulate "$1" "$2" -kernel "$tmp/probe")"
}
look bookworm 1:7.2+dfsg-7+deb12u18+b3 'H-------H'
look trixie 1:10.0.13+ds-0+deb13u1 'H---HH--H'
look forky 1:11.1.2+ds-3 'H---HH-HH'
exit "$changed"
