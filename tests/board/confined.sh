#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a bhyve that has been taken over can do: docs/security.md.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/confined.onboard" "$work/"
"$here/../../tools/board" --timeout 600 --share "$work" -- \
	sh /share/confined.onboard </dev/null
