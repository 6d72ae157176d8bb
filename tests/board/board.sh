#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tools/board itself: input, output, exit status, and what it leaves behind.
board=$(dirname "$0")/../../tools/board
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # NAME CONDITION...
	name=$1
	shift
	if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}

# One boot for everything that a simple COMMAND can show.
printf 'one\ntwo' >"$work/in"
"$board" -- sh -c 'cat; printf %s "$1" >&2; exit 41' - '"a  b" $HOME *;' \
	<"$work/in" >"$work/out" 2>"$work/err"
check 'exit status' [ $? = 41 ]
check 'input, to its end, comes out' cmp -s "$work/in" "$work/out"
check 'words arrive as they are, errors apart' \
	[ "$(cat "$work/err")" = '"a  b" $HOME *;' ]

"$board" -- sh -c 'kill -9 $$' </dev/null
check 'status of a COMMAND killed by a signal' [ $? = 137 ]

"$board" -- no-such-command </dev/null 2>"$work/err"
check 'status of a COMMAND not found' [ $? = 127 ]
check '... which is named' grep -q no-such-command "$work/err"

head -c 1000000 /dev/urandom >"$work/random"
"$board" -- cat <"$work/random" >"$work/copy" &
mkdir "$work/dir"
cp "$work/random" "$work/dir/in"
"$board" --share "$work/dir" --cpu 4 -- \
	sh -c 'cp /share/in /share/out; nproc' >"$work/out" </dev/null
check 'four CPUs' [ "$(cat "$work/out")" = 4 ]
check '--share reads and writes' cmp -s "$work/random" "$work/dir/out"
wait
check 'bytes unharmed, two boards at once' cmp -s "$work/random" "$work/copy"

"$board" --timeout 6 -- sleep 1000 </dev/null 2>"$work/err"
check 'status of a timeout' [ $? = 124 ]
check '... which is named' grep -q 'after 6 seconds' "$work/err"

"$board" -- sh -c 'echo c >/proc/sysrq-trigger' </dev/null 2>"$work/err"
check 'status of a panic' [ $? = 1 ]
check '... which is named' grep -q '^board: .*panicked' "$work/err"

# Runs must repeat exactly with a clock that counts instructions.
repeat() {
	"$board" --icount --share "$work/dir" -- sh -c '
		rm /share/in; cat - /proc/uptime /proc/interrupts
		cp /proc/uptime /share/new' <"$work/in"
}
repeat >"$work/1" &
repeat >"$work/2"
wait
check '--icount repeats exactly' cmp "$work/1" "$work/2"
check '... has its input' grep -q ^one "$work/1"
check '... and gives back what it wrote' [ -s "$work/dir/new" ]

# After any fatal signal no process remains that has our mark.
for signal in TERM KILL; do
	"$board" -- sleep 1000 </dev/null 2>/dev/null &
	pid=$!
	sleep 4
	read -r qemu </proc/$pid/task/$pid/children
	kill -$signal $pid
	wait $pid
	check "status after SIG$signal" [ $? != 0 ]
	sleep 1
	check "no process after SIG$signal" \
		sh -c '[ -n "$1" ] && ! readlink /proc/$1/exe' - "$qemu"
done
