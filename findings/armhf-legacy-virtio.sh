#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's armhf kernels cannot drive a legacy virtio device on PCI, whichever
# machine it is in, although their driver for it is built
# (CONFIG_VIRTIO_PCI_LEGACY=y). The legacy registers are I/O ports (virtio 1.2,
# 4.1.4.8), and these kernels, which are for many platforms, are built with
# CONFIG_NO_IOPORT_MAP=y: pci_iomap() gives NULL for every BAR of ports. The
# driver's probe ends with -EIO and names no reason. The port window is announced,
# and the BAR assigned, as if all were well.
#
# A transitional device works, by its modern registers; one without these
# (disable-modern=on), or a driver told to use the legacy ones (force_legacy=1),
# does not.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

version=6.1.0-50-armmp-lpae
unpack bookworm armhf linux-image-$version=6.1.176-1 busybox-static=1:1.35.0-4+deb12u1+b1
unpack bookworm amd64 qemu-system-arm=1:7.2+dfsg-7+deb12u18+b3 cpio=2.13+dfsg-7.1

root=$tmp/bookworm-armhf modules=lib/modules/$version
for dir in bin "$modules/kernel/drivers/block"; do
	mkdir -p "$tmp/initrd/$dir"
done
cp "$root/bin/busybox" "$tmp/initrd/bin/"
cp -r "$root/$modules/kernel/drivers/virtio" "$tmp/initrd/$modules/kernel/drivers/"
cp "$root/$modules/kernel/drivers/block/virtio_blk.ko" \
	"$tmp/initrd/$modules/kernel/drivers/block/"
cat >"$tmp/initrd/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir /proc /sys /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
case $(cat /proc/cmdline) in
*legacy*) option=force_legacy=1 ;;
esac
depmod
modprobe virtio_pci $option
modprobe virtio_blk
[ -e /sys/bus/pci/devices/0000:00:01.0/resource0 ] && echo "seen: BAR 0 is there"
[ -b /dev/vda ] && echo "seen: the disk is there"
dmesg | sed -n 's/.*virtio-pci: \(probe.*error.*\)/seen: \1/p'
poweroff -f
END
chmod +x "$tmp/initrd/init"
(cd "$tmp/initrd" && find . | run bookworm-amd64 cpio -o -H newc 2>/dev/null) >"$tmp/initrd.img"
truncate -s 1M "$tmp/disk"

boot() { # DEVICE-OPTIONS KERNEL-OPTIONS
	run bookworm-amd64 qemu-system-arm -M virt -m 256 -nographic -no-reboot \
		-kernel "$root/boot/vmlinuz-$version" -initrd "$tmp/initrd.img" \
		-append "console=ttyAMA0 quiet $2" -nic none \
		-L "$tmp/bookworm-amd64/usr/share/qemu" \
		-drive "if=none,id=disk,format=raw,file=$tmp/disk" \
		-device "virtio-blk-pci,drive=disk,addr=1$1" </dev/null 2>&1 |
		tr -d '\r' | sed -n 's/^seen: //p' | tr '\n' ';'
}

expect 'the option' CONFIG_NO_IOPORT_MAP=y \
	"$(grep -h NO_IOPORT_MAP= "$root/boot/config-$version")"
expect 'the driver' CONFIG_VIRTIO_PCI_LEGACY=y \
	"$(grep -h VIRTIO_PCI_LEGACY= "$root/boot/config-$version")"
expect 'a transitional device' 'BAR 0 is there;the disk is there;' "$(boot '' '')"
expect '... by its legacy registers' \
	'BAR 0 is there;probe of 0000:00:01.0 failed with error -5;' \
	"$(boot '' legacy)"
expect 'a legacy device' \
	'BAR 0 is there;probe of 0000:00:01.0 failed with error -5;' \
	"$(boot ,disable-modern=on '')"
exit $changed
