#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU's virtio-net takes the length of the header before each frame from the features
# that the driver accepted, also where the device has only the registers of virtio 1.0.
# A driver that leaves VERSION_1 out, which virtio 1.2, 6.1 lets a device refuse, is
# served there; its header then has 10 bytes (5.1.6.1, the legacy one), or 12 if it
# accepted MRG_RXBUF. Who takes the length from the kind of registers is two bytes off.
#
# A program sends one buffer: ten zeros, 0xaa, 0xbb, 0xcc, and more of the kind. The
# first byte of the frame on the wire tells how long QEMU took the header to be.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

cat >"$tmp/probe.s" <<'END'
	.arch armv7-a
	.arch_extension virt
	.global _start
	.macro reg offset, value
	ldr r1, =\value
	str r1, [r0, #\offset]
	.endm
_start:	ldr r0, =0x0a003e00	@ the first device has the last slot
	reg 0x70, 0
	reg 0x70, 3		@ ACKNOWLEDGE, DRIVER
	reg 0x24, 0
	reg 0x20, LOW		@ the features
	reg 0x24, 1
	reg 0x20, HIGH
	reg 0x70, 11		@ FEATURES_OK
	reg 0x30, 1		@ the queue that sends
	reg 0x38, 8
	reg 0x80, ring
	reg 0x84, 0
	reg 0x90, ring+0x100
	reg 0x94, 0
	reg 0xa0, ring+0x200
	reg 0xa4, 0
	reg 0x44, 1
	reg 0x70, 15		@ DRIVER_OK
	dsb
	reg 0x50, 1
	ldr r2, =ring+0x200
1:	ldrh r1, [r2, #2]
	cmp r1, #0
	beq 1b
	ldr r0, =0x84000008	@ SYSTEM_OFF
	hvc #0
	b .
	.ltorg
	.balign 4096
ring:	.word buffer, 0, 80, 0	@ a descriptor: address, length
	.org ring + 0x100
	.hword 0, 1, 0		@ the available ring has it
	.org ring + 0x400
buffer:	.fill 10, 1, 0
	.byte 0xaa, 0xbb, 0xcc
	.fill 67, 1, 0xdd
END

unpack bookworm amd64 binutils-arm-linux-gnueabihf=2.40-2
mv "$tmp/bookworm-amd64" "$tmp/binutils"

first_byte() { # LOW HIGH
	run binutils arm-linux-gnueabihf-as --defsym "LOW=$1" --defsym "HIGH=$2" \
		-o "$tmp/probe.o" "$tmp/probe.s"
	run binutils arm-linux-gnueabihf-ld -Ttext=0x40010000 -o "$tmp/probe" \
		"$tmp/probe.o"
	rm -f "$tmp/wire"
	timeout 60 "$qemu/lib64/ld-linux-x86-64.so.2" \
		--library-path "$(find "$qemu/usr/lib" -name '*.so*' \
			-exec dirname {} + | sort -u | paste -sd :)" \
		"$qemu/usr/bin/qemu-system-arm" -display none -M virt \
		-cpu cortex-a15 -monitor none -L "$qemu/usr/share/qemu" \
		-kernel "$tmp/probe" -global virtio-mmio.force-legacy=false \
		-netdev socket,id=net,udp=127.0.0.1:9,localaddr=127.0.0.1:0 \
		-object "filter-dump,id=dump,netdev=net,file=$tmp/wire" \
		-device virtio-net-device,netdev=net </dev/null
	# Behind the headers of the file and of its first frame.
	od -An -tx1 -j40 -N1 "$tmp/wire" | tr -d ' '
}

look() { # SUITE VERSION
	unpack "$1" amd64 "qemu-system-arm=$2"
	qemu=$tmp/$1-amd64
	expect "QEMU $2: nothing, MRG_RXBUF, VERSION_1 accepted" 'aa cc cc' \
		"$(first_byte 0 0) $(first_byte 0x8000 0) $(first_byte 0 1)"
}
look bookworm 1:7.2+dfsg-7+deb12u18+b3
look trixie 1:10.0.13+ds-0+deb13u1
exit "$changed"
