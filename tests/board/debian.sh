#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: debian.sh MEGABYTES SECONDS
# Two Debian systems on a board, one with its devices on PCI, one on virtio-mmio,
# each from the same ext4 image to a login prompt and through debian.inguest, which
# has fio verify MEGABYTES and measures networks for SECONDS. "make soak" runs it.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
debian=$("$tools/debian") || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$here/debian.onboard" "$debian/repository" "$work/"
{
	echo "megabytes=$1 seconds=$2"
	cat "$here/debian.inguest"
} >"$work/script"
# A disk's size must be a multiple of its sector's.
truncate -s 65536 "$work/script"

# A disk of the board; writes to it are dropped at the end.
disk() {
	echo "-drive if=none,id=$1,format=raw,snapshot=on,file=$2" \
		"-device virtio-blk-device,drive=$1"
}
truncate -s 1G "$work/pci" "$work/mmio"
BOARD_QEMU="$(disk tools "$debian/disk.img") $(disk pci "$debian/disk.img") \
	$(disk mmio "$debian/disk.img") $(disk pci_empty "$work/pci") \
	$(disk mmio_empty "$work/mmio")"
export BOARD_QEMU
"$tools/board" --mem 1536 --timeout 7200 --share "$work" -- \
	sh /share/debian.onboard </dev/null
