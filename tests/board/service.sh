#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: service.sh [HOST]
# VMs as services of a Debian system's systemd, with the limits that it sets. "make soak"
# runs it.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
debian=$("$tools/debian" bookworm) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/service.onboard" "$here/../../packaging/bhyve@.service" "$work/"
# Writes to the disk are dropped at the end.
BOARD_QEMU="-drive if=none,id=debian,format=raw,snapshot=on,file=$debian/disk.img \
	-device virtio-blk-device,drive=debian"
export BOARD_QEMU
# "make" has built another board.
env -u BOARD_IS_BUILT "$tools/board" --host "${1:-bookworm}" --timeout 1800 \
	--share "$work" -- sh /share/service.onboard </dev/null
