#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# On QEMU 10 and 11 the virtual timer never fires while the virtual counter is ahead of
# the physical one, as it is in a machine that was restored on a host which booted
# later. CNTVOFF is negative then, modulo 2^64. The timer's condition is
# Counter - Offset - CompareValue >= 0, where all are unsigned 64-bit numbers (DDI
# 0406C, B8.1), so it is met when the counter reaches CVAL + CNTVOFF modulo 2^64.
# Where that sum has a carry, these versions take it for a time that never comes. A
# compare value that has been reached when the timer is enabled is seen.
#
# A program in HYP mode sets CNTVOFF, lets CVAL be 1,000 ticks away (or already reached),
# enables the timer and reads ISTATUS for half a second: M it was set, - never.
#   behind  CNTVCT starts at 0      ahead  CNTVCT starts at 2^40
#   past    as ahead, with a compare value that has been reached
set -eu
cd "$(dirname "$0")"
. ./lib.sh

cat >"$tmp/probe.s" <<'END'
	.arch armv7-a
	.arch_extension virt
	.arch_extension sec
	.global _start
	@ CNTVCT becomes \high * 2^32; CNTV_TVAL is \ticks.
	.macro timer high, ticks
	mov r0, #0
	mcr p15, 0, r0, c14, c3, 1	@ CNTV_CTL
	mrrc p15, 0, r0, r1, c14	@ CNTPCT
	sub r1, r1, #\high
	mcrr p15, 4, r0, r1, c14	@ CNTVOFF
	isb
	ldr r0, =\ticks
	mcr p15, 0, r0, c14, c3, 0	@ CNTV_TVAL
	mov r0, #1
	mcr p15, 0, r0, c14, c3, 1
	isb
	mrrc p15, 1, r2, r3, c14	@ CNTVCT
	mov r4, #'M'
1:	mrc p15, 0, r0, c14, c3, 1
	tst r0, #4
	bne 2f
	isb
	mrrc p15, 1, r0, r1, c14
	sub r0, r0, r2
	cmp r0, #0x2000000
	blo 1b
	mov r4, #'-'
2:	str r4, [r5]
	.endm
_start:	ldr r5, =0x09000000
	timer 0, 1000
	timer 0x100, 1000
	timer 0x100, -1000
	ldr r0, =0x84000008
	smc #0
	b .
END
assemble "$tmp/probe"

look() { # SUITE VERSION WANT
	expect "QEMU $2: behind ahead past" "$3" "$(emulate "$1" "$2" -kernel "$tmp/probe")"
}
look bookworm 1:7.2+dfsg-7+deb12u18+b3 MMM
look trixie 1:10.0.13+ds-0+deb13u1 M-M
look forky 1:11.1.2+ds-3 M-M
exit "$changed"
