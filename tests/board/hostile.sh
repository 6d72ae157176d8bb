#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: hostile.sh CALLS SEED [HOST]
# Hostile processes for long; "make soak" runs it. A failure says which process of
# which seed it was: /tests/hostile_ioctl CALLS SEED PROCESS has it again.
#
# The host's kernel checks itself as far as Debian's can: it fills slabs and pages that
# are free with a pattern, and looks whether it is still there when they are used again;
# and from Linux 6.12 on KFENCE watches some objects.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/hostile.onboard" "$work/"
export BOARD_APPEND='slub_debug=FZP page_poison=1 kfence.sample_interval=1'
env -u BOARD_IS_BUILT "$here/../../tools/board" --host "${3:-bookworm}" --timeout 7200 --share "$work" -- \
	sh /share/hostile.onboard "$1" "$2" </dev/null
