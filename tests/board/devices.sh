#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: devices.sh [ROUNDS]
# What changes about a device while a guest runs: Linux's drivers, on either transport. On
# PCI a disk and a network come and go ROUNDS times (1) while the guest reads another disk.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/devices.onboard" "$work/"
{
	echo "rounds=${1-1}"
	cat "$here/devices.inguest"
} >"$work/devices.inguest"
"$here/../../tools/board" --timeout $((600 + 60 * ${1-1})) --share "$work" -- \
	sh /share/devices.onboard "${1-1}" </dev/null
