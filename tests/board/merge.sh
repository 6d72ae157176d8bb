#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Guests that are alike, whose memory the host merges; "make soak" runs it.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/merge.onboard" "$work/"
"$here/../../tools/board" --timeout 3600 --share "$work" -- \
	sh /share/merge.onboard </dev/null
