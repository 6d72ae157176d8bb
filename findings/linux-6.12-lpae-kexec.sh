#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# kexec does not work in Debian 13's armhf kernel with LPAE (6.12): it oopses in
# __soft_restart(), before the next kernel has run. Debian 12's 6.1 and forky's 7.2 start
# the next kernel.
#
# __soft_restart() loads the identity mapping into TTBR0 and jumps to its physical
# address. Since 6.10 a kernel with LPAE keeps user space out of its reach by disabling
# walks of TTBR0 (CONFIG_CPU_TTBR0_PAN, on in 6.12 and in 7.2): TTBCR.EPD0 is set and
# T0SZ is 7, so that no address above 32 MiB is looked up there (DDI 0406C, B3.6.4). If
# that still holds at the jump, the architecture demands the translation fault which is
# seen. So QEMU is not to blame, and two versions of it say the same.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

# Names and files in turn: an initial RAM disk ("newc" of cpio).
cat >"$tmp/cpio.py" <<'END'
import sys

def write(name, mode, data=b""):
    name = name.encode() + b"\0"
    fields = [0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    for part in head, data:
        out.write(part + b"\0" * (-len(part) % 4))

with open(sys.argv[1], "wb") as out:
    for name in "dev", "proc", "sys", "lib":
        write(name, 0o40755)
    for name, path in zip(sys.argv[2::2], sys.argv[3::2]):
        with open(path, "rb") as file:
            write(name, 0o100755, file.read())
    write("TRAILER!!!", 0)
END

cat >"$tmp/first" <<'END'
#!/busybox sh
/busybox mount -t devtmpfs dev /dev
/busybox mount -t proc proc /proc
/busybox mount -t sysfs sys /sys
exec >/dev/console 2>&1
export LD_LIBRARY_PATH=/lib
/kexec --image-size=0x4000000 -l /vmlinuz --initrd=/next --append=console=ttyAMA0
/kexec -e
END
cat >"$tmp/next" <<'END'
#!/busybox sh
/busybox mount -t devtmpfs dev /dev
/busybox echo the next kernel runs >/dev/console
/busybox poweroff -f
END

unpack bookworm armhf busybox-static kexec-tools linux-image-6.1.0-50-armmp-lpae=6.1.176-1
unpack trixie armhf linux-image-6.12.117+deb13-armmp-lpae=6.12.117-1
unpack forky armhf linux-image-7.2.12+deb14-armmp-lpae=7.2.12-1

# Makes SUITE's kernel and its initial RAM disk, which has the same kernel for kexec.
prepare() { # SUITE
	root=$tmp/bookworm-armhf
	cp "$(find "$tmp/$1-armhf/boot" "$tmp/$1-armhf/usr/lib/modules" \
		-name 'vmlinuz-*armmp-lpae' -o -name vmlinuz -type f | head -n 1)" "$tmp/vmlinuz"
	python3 "$tmp/cpio.py" "$tmp/next.cpio" busybox "$root/bin/busybox" \
		init "$tmp/next"
	# shellcheck disable=SC2046 # a list of words
	python3 "$tmp/cpio.py" "$tmp/first.cpio" busybox "$root/bin/busybox" \
		init "$tmp/first" kexec "$root/sbin/kexec" vmlinuz "$tmp/vmlinuz" \
		next "$tmp/next.cpio" \
		$(find -L "$root/lib/arm-linux-gnueabihf" -maxdepth 1 -name '*.so*' \
			-printf 'lib/%f %p ') \
		lib/ld-linux-armhf.so.3 "$root/lib/ld-linux-armhf.so.3"
}

look() { # SUITE QEMU'S-SUITE QEMU'S-VERSION WANT
	prepare "$1"
	expect "$1's kernel, QEMU $3" "$4" "$(emulate "$2" "$3" -m 512 -no-reboot \
		-kernel "$tmp/vmlinuz" -initrd "$tmp/first.cpio" -append \
		'console=ttyAMA0 quiet oops=panic panic=-1' | sed -n \
		-e 's/.*\(Unable to handle.*\) at virtual.*\( when .*\)/\1\2/p' \
		-e 's/.*\(LR is at .*\)/\1/p' -e '/the next kernel runs/p' |
		paste -sd ' ')"
}
old='bookworm 1:7.2+dfsg-7+deb12u18+b3' new='trixie 1:10.0.13+ds-0+deb13u1'
works='the next kernel runs'
oops='Unable to handle kernel paging request when execute LR is at __soft_restart+0x98/0x9c'
# shellcheck disable=SC2086 # two words
{
	look bookworm $old "$works"
	look trixie $old "$oops"
	look trixie $new "$oops"
	look forky $old "$works"
}
exit "$changed"
