#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's kernels: two guests at the same time, with four and with two CPUs,
# each to its shell and off again; then the kernel without LPAE, and the
# installer.
here=$(dirname "$0")
tools=$here/../../tools
installer=/usr/lib/debian-installer/images/12/armhf/text/debian-installer/armhf
"$tools/setup" debian-installer-12-netboot-armhf || exit
guests=$("$tools/sysroot" guests) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/installer"
cp "$installer/vmlinuz" "$installer/initrd.gz" "$work/installer/"
cp "$guests"/boot/vmlinuz-*-armmp "$work/armmp"
cp "$here/boots.onboard" "$work/"
"$tools/board" --timeout 1500 --share "$work" -- \
	sh /share/boots.onboard </dev/null
