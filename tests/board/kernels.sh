#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: kernels.sh [SUITE...]
# Tests the stock kernels of other Debian releases, by default all but the one that
# the other tests use, as hosts and as guests: vmm.ko builds and loads, runs guests, and
# can be unloaded and loaded again.
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
