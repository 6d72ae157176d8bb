#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The life of a VM in its user's hands: reset, pause, time.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/life.onboard" "$work/"
"$here/../../tools/board" --timeout 1200 --share "$work" -- \
	sh /share/life.onboard </dev/null
