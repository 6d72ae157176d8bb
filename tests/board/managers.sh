#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Command lines of managers that were written for bhyve on FreeBSD, and how they
# find out the state of a VM.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/managers.onboard" "$work/"
"$here/../../tools/board" --timeout 300 --share "$work" -- \
	sh /share/managers.onboard </dev/null
