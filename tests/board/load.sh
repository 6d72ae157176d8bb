#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: load.sh ROUNDS SECONDS
# Debian with more virtual CPUs than the board has CPUs: eight go off and on again
# for ROUNDS, and with four stress-ng, cyclictest and hackbench run for SECONDS
# each. "make soak" runs it.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
debian=$("$tools/debian") || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/load.onboard" "$work/"
{
	echo "rounds=$1 seconds=$2"
	cat "$here/load.inguest"
} >"$work/script"
# A disk's size must be a multiple of its sector's.
truncate -s 65536 "$work/script"

# Writes to this disk are dropped at the end.
BOARD_QEMU="-drive if=none,id=debian,format=raw,snapshot=on,file=$debian/disk.img
	-device virtio-blk-device,drive=debian"
export BOARD_QEMU
"$tools/board" --mem 1536 --timeout 7200 --share "$work" -- \
	sh /share/load.onboard </dev/null
