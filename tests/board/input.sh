#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: each gets one clear message and status 4.
here=$(dirname "$0")
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/input.onboard" "$work/"
cp "$root/build/native/abi_layout" "$work/amd64" 2>/dev/null ||
	cp /bin/true "$work/amd64"
# Two segments at the same place.
printf '.globl _start\n_start: b .\n.data\n.word 1\n' |
	arm-linux-gnueabihf-as -o "$work/overlapping.o" -
arm-linux-gnueabihf-ld --no-check-sections -Ttext=0x40010000 \
	-Tdata=0x40010000 -o "$work/overlapping.elf" "$work/overlapping.o"
"$root/tools/board" --timeout 240 --share "$work" -- sh /share/input.onboard \
	</dev/null
