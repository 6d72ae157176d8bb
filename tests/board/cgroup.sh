#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A VM in a cgroup, as every systemd session is one. 5.10 is the kernel that does
# not show user space what it has charged to a cgroup.
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/cgroup.onboard" "$work/"
# This board is another than the one that "make test" has built.
env -u BOARD_IS_BUILT "$here/../../tools/board" --host bullseye --timeout 300 --share "$work" -- \
	sh /share/cgroup.onboard </dev/null
