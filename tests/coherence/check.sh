#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: tests/coherence/check.sh
# The guest programs and a Debian kernel as a guest, on a board whose caches are
# watched by the plugin beside this script. Each fault that it sees, and that "known"
# does not list, is a failure. It needs QEMU 10.0 to 10.0.x, whose header for plugins
# it takes from /usr/include, from $QEMU_PLUGIN_H, or from Debian's source package.
here=$(realpath "$(dirname "$0")")
root=$here/../..
work=$root/build/coherence
version=$(qemu-system-arm --version | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
if [ "$version" != 10 ]; then
	echo "ok coherence: not run: it needs QEMU 10 (Debian 13), and this is QEMU $version"
	exit 0
fi

mkdir -p "$work/share"
rm -f "$work"/share/*
header=${QEMU_PLUGIN_H:-/usr/include/qemu-plugin.h}
[ -e "$header" ] || header=$("$here/header" "$work") || exit
# shellcheck disable=SC2046 # a list of words
gcc -shared -fPIC -O2 -std=gnu11 -Wall -Wextra $(pkg-config --cflags glib-2.0) \
	-I"$(dirname "$header")" -o "$work/coherence.so" "$here"/*.c || exit
cp "$here/../guest/programs" "$here/onboard.sh" "$work/share/"
BOARD_QEMU="-plugin $work/coherence.so,out=$work/faults,ram=1024" \
	"$root/tools/board" --cpu 1 --timeout 7200 --share "$work/share" -- \
	sh /share/onboard.sh </dev/null || echo "not ok coherence: the board, status $?"
"$here/judge" "$work/faults" "$work/share/symbols" "$here/known"
