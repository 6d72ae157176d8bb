#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's firmwares as boot ROMs: U-Boot by extlinux.conf, and EDK2 by GRUB,
# boot Debian's kernel from a partitioned disk. And EDK2's variables.
here=$(realpath "$(dirname "$0")")
root=$here/../..
"$root/tools/setup" fdisk grub-common mtools qemu-efi-arm u-boot-qemu || exit
guests=$("$root/tools/sysroot" guests) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# GRUB looks for its configuration on the disk, as one that grub-install writes
# does.
make_grub() {
	cat >"$work/early.cfg" <<-'END'
		search --set=root --label debian
		configfile ($root)/boot/grub/grub.cfg
	END
	grub-mkimage -d "$guests/usr/lib/grub/arm-efi" -O arm-efi -p /boot/grub \
		-c "$work/early.cfg" -o "$work/bootarm.efi" part_gpt ext2 fat \
		search search_label configfile normal echo linux
}

make_root() {
	boot=$work/root/boot
	mkdir -p "$boot/extlinux" "$boot/grub"
	cp "$guests"/boot/vmlinuz-*-armmp "$boot/vmlinuz"
	cp "$root/build/board/bookworm/root/boot/initrd.img" "$boot/"
	cat >"$boot/extlinux/extlinux.conf" <<-'END'
		default debian
		label debian
			linux /boot/vmlinuz
			initrd /boot/initrd.img
			append console=ttyAMA0 -- uname -a; nproc
	END
	cat >"$boot/grub/grub.cfg" <<-'END'
		echo 'GRUB, from the disk'
		linux /boot/vmlinuz console=ttyAMA0 -- uname -a \; ls /sys/firmware/efi
		initrd /boot/initrd.img
		boot
	END
	truncate -s 16M "$work/root.img"
	mke2fs -q -t ext4 -L debian -d "$work/root" "$work/root.img"
}

# U-Boot boots from the first partition, EDK2 from the one of its type.
make_disk() {
	truncate -s 34M "$work/disk"
	printf '%s\n' 'label: gpt' \
		'start=1M, size=16M, type=linux, attrs=LegacyBIOSBootable' \
		'size=16M, type=uefi' | /sbin/sfdisk -q "$work/disk"
	dd if="$work/root.img" of="$work/disk" bs=1M seek=1 \
		conv=notrunc,sparse status=none
	mformat -i "$work/disk@@17M" -T 32768 -h 64 -s 32 ::
	mmd -i "$work/disk@@17M" ::EFI ::EFI/BOOT
	mcopy -i "$work/disk@@17M" "$work/bootarm.efi" ::EFI/BOOT/BOOTARM.EFI
}

# A script for EDK2's shell, which runs it if there is nothing else to boot.
# Each boot depends on what the one before has left.
make_script() {
	cat >"$work/startup.nsh" <<-'END'
		@echo -off
		setvar Rebooted -guid 6b0b1a05-6e2c-4a0e-9a52-0c4f6d1f5a01
		if %lasterror% eq 0 then
		  echo variables: kept for another process
		  reset -s
		endif
		setvar Written -guid 6b0b1a05-6e2c-4a0e-9a52-0c4f6d1f5a01
		if %lasterror% eq 0 then
		  echo variables: kept for the next boot
		  setvar Rebooted -guid 6b0b1a05-6e2c-4a0e-9a52-0c4f6d1f5a01 -nv -bs =L"2"
		  reset -s
		endif
		setvar Written -guid 6b0b1a05-6e2c-4a0e-9a52-0c4f6d1f5a01 -nv -bs =L"1"
		echo variables: written
		reset
	END
	truncate -s 2M "$work/script"
	mformat -i "$work/script" -T 4096 -h 64 -s 32 ::
	mcopy -i "$work/script" "$work/startup.nsh" ::
}

make_grub && make_root && make_disk && make_script || exit
rm -r "$work/root" "$work/root.img"
cp /usr/lib/u-boot/qemu_arm/u-boot.bin \
	/usr/lib/u-boot/qemu_arm/uboot.elf /usr/share/AAVMF/AAVMF32_CODE.fd \
	/usr/share/AAVMF/AAVMF32_VARS.fd "$here/firmware.onboard" "$work/"
"$root/tools/board" --timeout 1500 --share "$work" -- sh /share/firmware.onboard \
	</dev/null
