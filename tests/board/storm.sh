#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: storm.sh ROUNDS
# Linux's drivers are unbound from their devices and bound again, under I/O, on either
# transport. "make soak" runs it.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/storm.onboard" "$here/storm.inguest" "$work/"
"$here/../../tools/board" --timeout 7200 --share "$work" -- \
	sh /share/storm.onboard "$1" </dev/null
