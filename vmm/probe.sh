#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: probe.sh DIRECTORY COMPILER FLAG...
# Prints a header that defines HAVE_NAME for each NAME.c of DIRECTORY that compiles
# against the kernel's headers. headers.c must compile: otherwise the compiler says
# what is wrong, and nothing is built.
set -eu

dir=$1
shift

if ! errors=$("$@" -c -o /dev/null "$dir/headers.c" 2>&1); then
	echo "$errors" >&2
	echo "probe.sh: the kernel's headers do not compile" >&2
	exit 1
fi
echo '/* Made by vmm/probe.sh from vmm/probe/. */'
for file in "$dir"/*.c; do
	name=$(basename "$file" .c)
	[ "$name" != headers ] || continue
	if "$@" -c -o /dev/null "$file" 2>/dev/null; then
		echo "#define HAVE_$name" | tr '[:lower:]' '[:upper:]' |
			sed 's/^#DEFINE/#define/'
	fi
done
