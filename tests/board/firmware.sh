#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's own firmwares as boot ROMs, U-Boot and EDK2, each to Debian's GRUB on a
# partitioned disk.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
"$tools/setup" fdisk grub-common mtools qemu-efi-arm u-boot-qemu || exit
grub=$("$tools/sysroot" guests)/usr/lib/grub/arm-efi || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Looks for its configuration on the disk, as what grub-install writes does.
make_grub() {
	cat >"$work/early.cfg" <<-'END'
		search --set=root --label debian
		configfile ($root)/boot/grub/grub.cfg
	END
	grub-mkimage -d "$grub" -O arm-efi -p /boot/grub -c "$work/early.cfg" \
		-o "$work/bootarm.efi" part_gpt ext2 fat search search_label \
		configfile normal echo halt
}

make_root() {
	mkdir -p "$work/root/boot/grub"
	cat >"$work/root/boot/grub/grub.cfg" <<-'END'
		echo 'GRUB, from the disk'
		halt
	END
	truncate -s 16M "$work/root.img"
	mke2fs -q -t ext4 -L debian -d "$work/root" "$work/root.img"
}

make_disk() {
	truncate -s 34M "$work/disk"
	printf '%s\n' 'label: gpt' 'start=1M, size=16M, type=uefi' \
		'size=16M, type=linux' | /sbin/sfdisk -q "$work/disk"
	mformat -i "$work/disk@@1M" -T 32768 -h 64 -s 32 ::
	mmd -i "$work/disk@@1M" ::EFI ::EFI/BOOT
	mcopy -i "$work/disk@@1M" "$work/bootarm.efi" ::EFI/BOOT/BOOTARM.EFI
	dd if="$work/root.img" of="$work/disk" bs=1M seek=17 conv=notrunc,sparse \
		status=none
}

make_grub && make_root && make_disk || exit
rm -r "$work/root" "$work/root.img"
cp /usr/lib/u-boot/qemu_arm/u-boot.bin /usr/share/AAVMF/AAVMF32_CODE.fd \
	/usr/share/AAVMF/AAVMF32_VARS.fd "$here/firmware.onboard" "$work/"
"$tools/board" --timeout 1200 --share "$work" -- sh /share/firmware.onboard \
	</dev/null
