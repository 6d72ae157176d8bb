#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Guests that move from one bhyve to another while they run; both are on one board.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/migrate.onboard" "$here/snapshot.inguest" "$work/"
"$here/../../tools/board" --timeout 1200 --share "$work" -- \
	sh /share/migrate.onboard </dev/null
