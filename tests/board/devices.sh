#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What changes about a device while a guest runs: Linux's drivers, on either transport.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/devices.onboard" "$here/devices.inguest" "$work/"
"$here/../../tools/board" --timeout 600 --share "$work" -- \
	sh /share/devices.onboard </dev/null
