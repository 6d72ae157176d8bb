#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: kills.sh VMS SEED
# VMs that are started and killed in any order; "make soak" runs it.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/kills.onboard" "$work/"
"$here/../../tools/board" --timeout 7200 --share "$work" -- \
	sh /share/kills.onboard "$1" "$2" </dev/null
