#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Guests that are saved and go on from a file, and files that are refused.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/snapshot.onboard" "$here/snapshot.inguest" "$work/"
"$here/../../tools/board" --timeout 900 --share "$work" -- \
	sh /share/snapshot.onboard </dev/null
