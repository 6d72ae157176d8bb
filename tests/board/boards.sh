#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU's models of real boards, with the device trees that Debian ships for
# them. The module is loaded, guests run, and the module is unloaded; or it
# refuses, with the right message.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/share"
cp "$here/../guest/programs" "$here/boards.onboard" "$work/share/"

runs() { # MACHINE
	"$here/../../tools/board" --machine "$1" --timeout 280 --share "$work/share" -- \
		sh /share/boards.onboard </dev/null >"$work/$1" 2>&1 ||
		echo "not ok the board ended with status $?" >>"$work/$1"
	sed "s/^\(\(not \)\{0,1\}ok\) /\1 $1: /" "$work/$1"
}

refused() { # MACHINE WORDS
	"$here/../../tools/board" --machine "$1" --timeout 280 -- sh -c '
		dmesg | grep -q "vmm: ..* " || exit 1
		[ ! -e /dev/vmm ] || exit 1
		dmesg | grep "vmm: "; bhyvectl --check-host && exit 1
		exit 0' </dev/null >"$work/$1" 2>&1
	if [ $? = 0 ] && [ "$(grep -c "$2" "$work/$1")" = 2 ]; then
		echo "ok $1: refused by module and check in the same words"
	else
		cat "$work/$1"
		echo "not ok $1: refused"
	fi
}

# Two at a time, since each mostly uses one CPU.
{
	runs orangepi-pc
	runs mcimx6ul-evk
	refused raspi2b 'no GICv2 with virtualization extensions'
} >"$work/first" &
{
	refused ast2600-evb 'only 4 KiB.*irqchip.gicv2_force_probe=1'
	BOARD_APPEND=irqchip.gicv2_force_probe=1 runs ast2600-evb
	runs mcimx7d-sabre
	runs vexpress-a15
	refused vexpress-a15-secure 'not booted in HYP mode'
} >"$work/second"
wait
cat "$work/first" "$work/second"
