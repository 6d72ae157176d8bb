#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: debug.sh SEED CALLS
# Guests, faults and hostile processes on the kernel of tools/debug-kernel, which checks
# itself (tools/board prints what it finds); "make soak" runs it where that kernel is.
# What it leaves behind says when it was last clean.
here=$(realpath "$(dirname "$0")")
top=$here/../..
kernel=$("$top/tools/sysroot" debug) || exit
log=$(mktemp)
trap 'rm -f "$log"' EXIT

make -s -C "$top" board HOST=debug >&2 || exit
export BOARD_IS_BUILT=1 BOARD_HOST=debug
for test in guests.sh faults.sh life.sh snapshot.sh "kills.sh 20 $1" \
	"hostile.sh $2 $1 debug"; do
	# shellcheck disable=SC2086 # a program and its arguments
	(cd "$here" && sh $test) || echo "not ok $test: its status"
done 2>&1 | tee "$log"
if ! grep -q '^not ok' "$log" && grep -q '^ok' "$log"; then
	echo "clean on $(date -u +%Y-%m-%d), commit" \
		"$(git -C "$top" describe --always --dirty), seed $1," \
		"$2 hostile calls" >"$kernel/clean"
fi
