#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's kernels: two guests side by side, of four and of two CPUs, each to its
# shell and off again; then the one without LPAE.
here=$(dirname "$0")
tools=$here/../../tools
guests=$("$tools/sysroot" guests) || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$guests"/boot/vmlinuz-*-armmp "$work/armmp"
cp "$here/boots.onboard" "$work/"
"$tools/board" --timeout 900 --share "$work" -- \
	sh /share/boots.onboard </dev/null
