#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: hostile.sh CALLS SEED [HOST]
# Hostile processes for long; "make soak" runs it. A failure says which process of
# which seed it was: /tests/hostile_ioctl CALLS SEED PROCESS has it again.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/hostile.onboard" "$work/"
env -u BOARD_IS_BUILT "$here/../../tools/board" --host "${3:-bookworm}" --timeout 7200 --share "$work" -- \
	sh /share/hostile.onboard "$1" "$2" </dev/null
