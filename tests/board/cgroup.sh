#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A VM in a cgroup, as every systemd session is one; and on kernel 5.10, which
# does not map pages that are charged to a cgroup into user space.
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/cgroup.onboard" "$work/"
# "make test" has built another board.
env -u BOARD_IS_BUILT "$here/../../tools/board" --host bullseye --timeout 300 --share "$work" -- \
	sh /share/cgroup.onboard </dev/null
