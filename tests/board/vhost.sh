#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Back ends that move a guest's buffers in bhyve's place.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/vhost.onboard" "$here/vhost.inguest" "$work/"
"$here/../../tools/board" --timeout 1200 --share "$work" -- \
	sh /share/vhost.onboard </dev/null
