#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: tests/board/guests.sh [NAME...]
# Runs the guest programs under bhyve, all in one boot of a board, then on QEMU's CPU
# without a hypervisor, and compares the two outputs; and the programs that drive vmm.ko
# through libvmmapi. With NAMEs it runs only those, and does not compare.
here=$(realpath "$(dirname "$0")")
root=$here/../..
for name; do
	grep -Eq "^$name [0-9]+ (both|bhyve) " "$here/../guest/programs" ||
		[ -e "$here/$name.c" ] ||
		[ -e "$root/examples/${name#example_}.c" ] && continue
	echo "no program $name: tests/guest/programs lists the guests," \
		"tests/board/vm_*.c are the others" >&2
	exit 2
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/bare" "$work/out"
echo '== under bhyve'
cp "$here/../guest/programs" "$here/guests.onboard" "$work/"
# DDI 0406C A3.2.1: LDRD wants a multiple of 4, of a device too.
if qemu-system-arm --version | grep -q 'version 10\.0'; then
	echo '# without mmio_forms: QEMU 10.0 wants a multiple of 8 of it'
	sed -i '/^mmio_forms /d' "$work/programs"
fi
"$root/tools/board" --timeout 3000 --share "$work" -- sh /share/guests.onboard "$@" \
	</dev/null
status=$?
[ $# = 0 ] || exit $status
echo '== bare'
KEEP=$work/bare "$here/../guest/bare.sh" "$root/build/armhf/tests/guest" | sed 's/^\(\(not \)\{0,1\}ok\) /\1 bare: /'
for name in "$work"/bare/*; do
	grep -q "^$(basename "$name") " "$work/programs" || rm "$name"
done
echo '== compared'
"$here/../guest/compare" "$work/bare" "$work/out"
