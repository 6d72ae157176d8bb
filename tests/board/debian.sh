#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: debian.sh MEGABYTES SECONDS ROUNDS
# Two Debian systems on a board, one with its devices on PCI, one on virtio-mmio,
# each from the same ext4 image to a login prompt and through debian.inguest, which
# has fio verify MEGABYTES, measures networks for SECONDS, and has its memory and a disk
# changed for ROUNDS under load. qemu-storage-daemon has an empty disk of each, by qcow2
# and by NBD; the first one's tap is vhost-net's. "make soak" runs it.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
. "$here/take_programs"
debian=$("$tools/debian") || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

take_programs "$work" bin/qemu-img bin/qemu-storage-daemon || exit
cp -r "$here/debian.onboard" "$debian/repository" "$work/"
{
	echo "megabytes=$1 seconds=$2 rounds=$3"
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
	sh /share/debian.onboard "$3" </dev/null
