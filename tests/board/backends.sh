#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Disks that Debian's qemu-storage-daemon serves.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
root=$("$tools/sysroot" backends) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The programs, the libraries that they name, and those that these name.
mkdir "$work/lib"
cp "$root/usr/bin/qemu-storage-daemon" "$root/usr/bin/qemu-img" "$work/"
new="$work/qemu-storage-daemon $work/qemu-img"
while [ -n "$new" ]; do
	# shellcheck disable=SC2086 # a list of words
	names=$(arm-linux-gnueabihf-readelf -d $new |
		sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u)
	new=
	for name in $names; do
		[ ! -e "$work/lib/$name" ] || continue
		cp -L "$root/lib/arm-linux-gnueabihf/$name" "$work/lib/"
		new="$new $work/lib/$name"
	done
done
cp "$here/backends.onboard" "$here/backends.inguest" "$work/"
"$tools/board" --timeout 1200 --share "$work" -- \
	sh /share/backends.onboard </dev/null
