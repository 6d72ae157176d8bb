#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Hosts that cannot do it: modprobe says why in one line, and the host lives on.
root=$(dirname "$0")/../..
board=$root/build/board/bookworm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The board without its port for COMMAND: what matters comes on the console.
boot() { # NAME MACHINE
	timeout 120 qemu-system-arm -nodefaults -nographic -no-reboot \
		-M "$2" -cpu cortex-a15 -smp 2 -m 512 \
		-kernel "$board/vmlinuz" -initrd "$board/initramfs.cpio" \
		-append 'console=ttyAMA0 rdinit=/init panic=-1 loglevel=7' \
		-serial "file:$work/$1" </dev/null >"$work/$1.err" 2>&1 &
	echo $! >"$work/$1.pid"
}

# The reason, and then some life: the file system's last step, or init's end.
said() { # NAME WORDS
	for _ in $(seq 100); do
		grep -asq "vmm: .*$2" "$work/$1" && break
		sleep 0.5
	done
	sleep 1
	kill "$(cat "$work/$1.pid")" 2>/dev/null
	wait "$(cat "$work/$1.pid")" 2>/dev/null
	lines=$(grep -a 'vmm: ' "$work/$1" | grep -avc 'taint\|verification')
	if grep -aq "vmm: .*$2" "$work/$1" && [ "$lines" = 1 ] &&
		! grep -aq 'Oops\|undefined instruction\|WARNING' "$work/$1"; then
		echo "ok refused: $1"
	else
		echo "not ok refused: $1: $(grep -a 'vmm: ' "$work/$1" |
			tail -3 | tr '\n' '|')"
	fi
}

boot no-hyp virt,gic-version=2
boot gicv3 virt,virtualization=on,gic-version=3
said no-hyp 'no Virtualization Extensions'
said gicv3 'GICv2'
