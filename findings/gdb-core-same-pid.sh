#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# gdb tells the CPUs of a core file apart by pr_pid of their NT_PRSTATUS notes. Linux's
# own crash dumps have the number of the task there, and an idle CPU's task has 0: of
# two idle CPUs one is gone, no thread is the current one, and registers cannot be
# printed before one has been chosen. Who writes a core file of a whole machine numbers
# its CPUs from 1, whatever they run; readelf shows all notes in either case.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

cat >"$tmp/make.py" <<'END'
import struct
import sys


def status(cpu, pid):
    """Linux's struct elf_prstatus of an ARM process; R1 tells which CPU it is."""
    registers = [0x1000 * cpu + i for i in range(17)] + [0]
    return struct.pack("<3IHH2II11I18II", 0, 0, 0, 6, 0, 0, 0, pid, *[0] * 11,
                       *registers, 0)


notes = b"".join(struct.pack("<3I8s", 5, 148, 1, b"CORE") + status(cpu, int(pid))
                 for cpu, pid in enumerate(sys.argv[2:], 1))
with open(sys.argv[1], "wb") as core:
    core.write(struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\1\1\1", 4, 40, 1, 0, 52,
                           0, 0, 52, 32, 1, 0, 0, 0))
    core.write(struct.pack("<8I", 4, 84, 0, 0, len(notes), 0, 0, 0) + notes)
END

gdb() { # SUITE COMMAND GREP...: of the answer, what is looked for
	root=$tmp/$1-amd64 suite=$1 command=$2
	shift 2
	PYTHONHOME=$root/usr PYTHONDONTWRITEBYTECODE=1 \
		run "$suite-amd64" gdb-multiarch -nx -batch -ex "$command" \
		--data-directory "$root/usr/share/gdb" -c "$tmp/core" 2>&1 |
		grep "$@" || true
}

look() { # SUITE VERSION
	unpack "$1" amd64 "gdb-multiarch=$2"
	echo "gdb-multiarch $2"
	python3 "$tmp/make.py" "$tmp/core" 1 2
	expect 'CPUs of 1 and 2' 2 "$(gdb "$1" 'info threads' -c '^[* ] *[0-9]')"
	expect "... R1" '$1 = 0x1001' "$(gdb "$1" 'print/x $r1' '^\$')"
	python3 "$tmp/make.py" "$tmp/core" 0 0
	expect 'CPUs of 0 and 0' 1 "$(gdb "$1" 'info threads' -c '^[* ] *[0-9]')"
	expect "... R1" 'The current thread has terminated' \
		"$(gdb "$1" 'print/x $r1' '^The current' | sort -u)"
}

look bookworm 13.1-3
exit "$changed"
