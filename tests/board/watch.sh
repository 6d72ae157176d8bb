#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A running Debian guest is watched: trace events, bhyvectl's timeline, its live view,
# and its core file, in which gdb finds the guest's threads by the kernel's symbols.
here=$(realpath "$(dirname "$0")")
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # NAME CONDITION...
	name=$1
	shift
	if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}

cp "$here/watch.onboard" "$work/"
"$root/tools/board" --timeout 900 --share "$work" -- sh /share/watch.onboard \
	</dev/null

# Each slice within the one around it, as the viewers want it.
cat >"$work/look.py" <<'END'
import collections
import json
import sys

events = json.load(open(sys.argv[1]))["traceEvents"]
tracks = collections.defaultdict(list)
for e in events:
    if e["ph"] == "X":
        tracks[e["pid"], e["tid"]].append((e["ts"], -e["dur"], e["name"]))
for track, slices in tracks.items():
    ends = []
    for start, length, name in sorted(slices):
        while ends and ends[-1] <= start:
            ends.pop()
        if ends and start - length > ends[-1]:
            sys.exit(f"{track}: {name} at {start} is half within another")
        ends.append(start - length)
names = collections.Counter(e["name"] for e in events)
for name in sys.argv[2:]:
    print(name, names[name])
END
python3 "$work/look.py" "$work/trace.json" guest WFI waits runs >"$work/names"
check 'the timeline is JSON, of slices within slices' [ $? = 0 ]
check '... with guest, exits, waits and threads' \
	[ "$(awk '$2 > 0' "$work/names" | wc -l)" = 4 ]

# The guest runs the kernel that the board runs, which does not move.
"$root/tools/kernel-elf" "$root/build/board/bookworm/vmlinuz" \
	"$work/kallsyms" "$work/kernel.elf"
gdb-multiarch -nx -batch -ex 'thread apply all backtrace' "$work/kernel.elf" \
	"$work/guest.core" >"$work/threads" 2>&1
check 'gdb unwinds both CPUs from where they wait' \
	[ "$(grep -c ' in do_idle ' "$work/threads")" = 2 ]
# The callers of cpu_startup_entry() (init/main.c, arch/arm/kernel/smp.c), which does
# not return.
check '... to where each began to' \
	[ "$(grep -c ' in \(rest_init\|secondary_start_kernel\) ' \
		"$work/threads")" = 2 ]
cat "$work/threads"
check 'readelf finds nothing wrong with it' \
	[ -z "$(readelf -lhn "$work/guest.core" 2>&1 >/dev/null)" ]
check 'dumped memory is RAM, from its start on' \
	[ "$(stat -c %s "$work/guest.mem")" = $((64 << 20)) ]
check '... with the kernel in it' \
	grep -qa 'Linux version .*armmp-lpae' "$work/guest.mem"
