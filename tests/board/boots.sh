#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's kernel: two guests side by side, of four and of two CPUs, each to its
# shell and off again.
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/boots.onboard" "$work/"
"$here/../../tools/board" --timeout 300 --share "$work" -- \
	sh /share/boots.onboard </dev/null
