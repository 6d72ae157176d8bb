# SPDX-License-Identifier: BSD-2-Clause
"""Measures the memory that a virtual machine takes and the time to its first
instruction, and whether these, or what an exit costs, grow with the number of
machines."""
import re
import subprocess
import sys

from benchlib import board

VMS = (1, 10, 50, 100)
GUEST_MIB = 128

# name, title, limit
ROWS = (
    ("anonymous", f"bhyve's memory beside an idle guest's {GUEST_MIB} MiB, KiB",
     3072),
    ("kernel", "the kernel's memory for a machine, KiB", 256),
    ("first-insn", "instructions from exec to the guest's first", 3000000),
    ("hyp-text", "text linked into HYP, bytes", 32768),
    ("module-text", "vmm.ko's other text, bytes", 98304),
)
# Name and title of what is measured with each number of machines in VMS.
SCALES = (
    ("hvc-unknown", "HVC, instructions"),
    ("mmio-read", "MMIO read, instructions"),
    ("last-first-insn", "exec of the last to its first, instructions"),
    ("memory", "of the board's memory, KiB a machine"),
    ("kernel", "... that is not user space's, KiB a machine"),
)

ON_BOARD = f"""
cd /tmp
# Prints two numbers, in KiB: free memory, and free memory together with the pages of
# user space and of files. The free pages that each CPU keeps are added to MemFree,
# which leaves them out.
memory() {{
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '$1 == "MemFree:" {{ free += $2 }} $1 == "count:" {{ free += 4 * $2 }}
		$1 ~ /^(AnonPages|Cached|Buffers):/ {{ user += $2 }}
		END {{ print free, free + user }}' /proc/meminfo /proc/zoneinfo
}}
start() {{ # NAME MEMORY
	/share/exec_at /usr/bin/bhyve -c 1 -m $2M -o kernel=/share/idle.elf $1 \
		</dev/null >$1.out 2>&1 &
	usleep 500000 # exec_at waits for that
	until grep -qs ticks $1.out; do usleep 20000; done
	tr '\\0' '\\n' </proc/$!/environ >$1.env
}}
lived() {{ # NAME: ticks from exec to life
	cat $1.env $1.out | tr '=' ' ' | awk '$1 == "EXEC_AT" {{ from = $2 }}
		$1 == "alive" {{ print $2 - from }}'
}}
start first {GUEST_MIB}
echo "size first-insn $(lived first)"
awk '$1 == "Size:" {{ guest = $2 == {GUEST_MIB << 10} }}
	$1 == "Anonymous:" && !guest {{ sum += $2 }}
	END {{ print "size anonymous " sum }}' /proc/$!/smaps
kill -KILL $!
wait
running=0
for vms in {" ".join(map(str, VMS))}; do
	before=$(memory) from=$running
	while [ $running -lt $vms ]; do
		running=$((running + 1))
		start vm$running 64
	done
	echo "vms $vms"
	echo "$before $(memory)" | awk '{{ print "size memory " int(($1 - $3) / n)
		print "size kernel " int(($2 - $4) / n) }}' n=$((running - from))
	echo "size last-first-insn $(lived vm$running)"
	bhyve -c 1 -m 64M -o kernel=/share/scale.elf bench </dev/null
done
"""


def sections(module):
    """Bytes of code: of the hypervisor in HYP mode, and of the module without it."""
    out = subprocess.run(["arm-linux-gnueabihf-size", "-A", module],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    sizes = {name: int(size) for name, size in
             re.findall(r"^(\S+) +(\d+) ", out, re.M)}
    hyp = sizes[".hyp.text"] + sizes[".hyp.boot"]
    return {"hyp-text": hyp,
            "module-text": sum(size for name, size in sizes.items()
                               if "text" in name) - sizes[".hyp.text"]}


def numbers(out):
    """The numbers that the board printed, a dictionary for each number of machines;
    found[0] are those of the single guest before."""
    found = {0: {}}
    vms = 0
    for line in out.splitlines():
        words = line.split()
        if words[:1] == ["vms"]:
            vms = int(words[1])
            found[vms] = {}
        elif words[:1] == ["size"]:
            unit = board.NS_A_TICK if words[1].endswith("insn") else 1
            found[vms][words[1]] = int(words[2]) * unit
        elif words[:1] == ["bench"]:
            found[vms][words[1]] = board.instructions(words[2:])
    return found


def bench():
    print("bench: sizes", file=sys.stderr)
    found = numbers(board.run(ON_BOARD, map(
        board.program, ("idle.elf", "scale.elf", "exec_at"))))
    one = dict(found.pop(0), kernel=found[VMS[-1]]["kernel"],
               **sections(board.MODULE))
    show(one, found)
    return [{"name": f"size-{name}", "value": one[name]} for name in one] + \
        [{"name": f"scale-{name}", "vms": vms, "value": value}
         for vms, values in found.items() for name, value in values.items()]


def show(one, scales):
    print(f"{'a virtual machine':50} {'most':>8} {'ours':>8}")
    for name, title, most in ROWS:
        print(f"{title:50} {most:>8} {one[name]:>8} "
              f"{'ok' if one[name] <= most else 'over'}")
    print(f"{'with this many machines of 64 MiB':42}",
          *(f"{vms:>8}" for vms in scales))
    for name, title in SCALES:
        print(f"{title:42}", *(f"{scales[vms].get(name, '-'):>8}"
                               for vms in scales))
    print("""The kernel's memory is what the board has less of and neither processes nor files
have: vmm.ko's, stage 2 tables included, and all that Linux keeps for bhyve, its
threads' stacks and page tables among it.""")
