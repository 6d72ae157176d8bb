#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: one clear message and status 4 each.
here=$(dirname "$0")
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/input.onboard" "$work/"
cp "$root/build/native/abi_layout" "$work/amd64" 2>/dev/null ||
	cp /bin/true "$work/amd64"
# Where the device tree lies, at the start of RAM.
arm-linux-gnueabihf-objcopy --change-addresses=-0x10000 \
	"$root/build/armhf/tests/guest/kit.elf" "$work/overlapping.elf"
"$root/tools/board" --timeout 120 --share "$work" -- sh /share/input.onboard \
	</dev/null
