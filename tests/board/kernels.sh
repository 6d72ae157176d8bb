#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: kernels.sh [SUITE...]
# Tests the stock kernels of other Debian releases, by default all but the one that
# the other tests use, as hosts and as guests: vmm.ko builds and loads, runs guests, and
# can be unloaded and loaded again. A guest is saved on each and goes on with the next;
# where the CPU is of another kind it is refused. For the newest kernel that the mirror has, perhaps a
# release candidate, vmm.ko is only built. What fails with a kernel that nobody has
# tried yet is a warning, because it is the kernel that has changed.
here=$(realpath "$(dirname "$0")")
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/kernels.onboard" "$work/"

# The kernels with which all of this has passed.
tried='
	5.10.0-32-armmp-lpae
	6.12.117+deb13-armmp-lpae
	7.2.12+deb14-armmp-lpae
'

release() { # SYSROOT: its kernel's name
	basename "$1"/lib/modules/*
}

was_tried() { # RELEASE
	echo "$tried" | grep -q "^	$1\$"
}

# Passes results on, those of a kernel that was not tried as warnings.
judge() { # RELEASE
	if was_tried "$1"; then cat; else
		sed "s/^not ok /warning: kernel $1 is not among those tried: /"
	fi
}

build() { # SUITE
	if make -s -C "$root" board HOST="$1" >&2; then
		echo "ok $1: the module builds"
	else
		echo "not ok $1: the module builds"
		return 1
	fi
}

run() { # SUITE [OTHER-CPU]
	BOARD_IS_BUILT=1 "$root/tools/board" --host "$1" --timeout 300 \
		--share "$work" -- sh /share/kernels.onboard "$@" </dev/null
}

build_newest() {
	sysroot=$("$root/tools/sysroot" newest) || {
		echo "warning: the mirror's newest kernel was not fetched"
		return
	}
	name=$(basename "$sysroot")
	if was_tried "$(release "$sysroot")"; then
		echo "ok $name: no kernel is newer than those tried"
	elif "$root/tools/module" "$sysroot" "$root/build" >&2; then
		echo "ok $name: the module builds"
	else
		echo "warning: $name: the module does not build"
	fi
}

if [ $# = 0 ]; then
	set -- bullseye trixie forky
	build_newest
fi
for suite; do
	{ build "$suite" && run "$suite"; } |
		judge "$(release "$("$root/tools/sysroot" "$suite")")"
done
BOARD_QEMU='-cpu cortex-a7' run "$1" cortex-a7
