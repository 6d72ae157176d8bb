# SPDX-License-Identifier: BSD-2-Clause
# usage: wander.sh ROUNDS SEED [OPTIONS...]
# A guest moves to and fro ROUNDS times; with SEED 0 all goes well, with another one a
# side is killed, or the network fails, at an arbitrary moment of most rounds. OPTIONS are
# bhyve's. "make soak" runs it.
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/wander.onboard" "$here/snapshot.inguest" "$work/"
"$here/../../tools/board" --timeout 7200 --share "$work" -- \
	sh /share/wander.onboard "$@" </dev/null
