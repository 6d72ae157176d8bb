#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# bare.sh DIRECTORY [NAME...]: runs the guest programs built in DIRECTORY on
# QEMU's CPU itself. Its answers are those of the architecture: if a check fails
# here, the program's expectation is wrong. With KEEP=DIR in the environment
# each program's output is left in DIR.
dir=${1:?usage: bare.sh DIRECTORY [NAME...]}
shift
here=$(dirname "$0")
out=$(mktemp)
trap 'rm -f "$out"' EXIT
bad=0

run_one() {
	name=$1 cpus=$2
	printf q | timeout 600 qemu-system-arm -M virt,gic-version=2 -cpu cortex-a15 \
		-m 64 -smp "$cpus" -nographic -no-reboot -net none \
		-kernel "$dir/$name.elf" >"$out" 2>&1
	status=$?
	tr -d '\r' <"$out"
	[ -z "${KEEP-}" ] || tr -d '\r' <"$out" >"$KEEP/$name"
	# "end" is a program's last word: without it the program did not finish.
	if [ $status != 0 ] || ! grep -q '^end' "$out"; then
		echo "not ok $name: bare run ended early, status $status"
		bad=1
	elif grep -q '^not ok' "$out"; then
		bad=1
	fi
}

while read -r name cpus where _; do
	case $name in '#'* | '') continue ;; esac
	[ "$where" = both ] || continue
	case " ${*:-$name} " in *" $name "*) run_one "$name" "$cpus" ;; esac
done <"$here/programs"
exit $bad
