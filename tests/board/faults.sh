#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Events that affect bhyve, its CPUs and its module while guests run.
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/faults.onboard" "$here/faults.inguest" "$work/"
"$here/../../tools/board" --timeout 1200 --share "$work" -- \
	sh /share/faults.onboard </dev/null
