#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: kernels.sh [SUITE...]
# The stock kernels of other Debian releases than the board's own, as hosts and as
# guests: the module builds, loads, runs guests, goes and comes again.
here=$(realpath "$(dirname "$0")")
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/kernels.onboard" "$work/"

[ $# != 0 ] || set -- bullseye trixie forky
for suite; do
	make -s -C "$root" board HOST="$suite" >&2 || {
		echo "not ok $suite: the module builds"
		continue
	}
	echo "ok $suite: the module builds"
	BOARD_IS_BUILT=1 "$root/tools/board" --host "$suite" --timeout 300 \
		--share "$work" -- sh /share/kernels.onboard "$suite" </dev/null
done
