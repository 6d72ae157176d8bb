#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Disks, a file system and a network that programs of Debian serve.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
. "$here/take_programs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

take_programs "$work" bin/git bin/passt bin/qemu-img bin/qemu-storage-daemon \
	lib/qemu/virtiofsd || exit
cp "$here/backends.onboard" "$here/backends.inguest" "$work/"
"$tools/board" --timeout 1200 --share "$work" -- \
	sh /share/backends.onboard </dev/null
