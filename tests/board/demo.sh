#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The demonstration without a terminal; tools/run checks the result.
tools=$(dirname "$0")/../../tools
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if "$tools/run" bookworm </dev/null >"$log" 2>&1; then
	echo 'ok Debian boots as a guest with two CPUs, and powers off'
else
	echo 'not ok Debian boots as a guest with two CPUs, and powers off'
	cat "$log" >&2
fi
