# SPDX-License-Identifier: BSD-2-Clause
"""Measures what exits cost: the instructions of each operation, and what it does that
is slow on silicon. Each program runs twice: once by itself for the instructions, once
under the plugin that counts the rest."""
import sys

from benchlib import board, count
from benchlib.table import cell

# Name, title, and in instructions: KVM/ARM32 (Linux 4.19), Xen 4.17 armhf, and our
# limit, which may also be a multiple of another row.
ROWS = (
    ("hvc-unknown", "HVC, unknown SMCCC function", 1043, 452, 60),
    ("psci-version", "HVC, PSCI_VERSION", 1007, 557, 60),
    ("workaround-1", "SMCCC_ARCH_WORKAROUND_1", 23, 523, 60),
    ("cp15-actlr", "CP15 read that traps (ACTLR)", 1172, 535, 90),
    ("cntpct", "CNTPCT read, offset 0", 3, 3, 3),
    ("cntp-cval", "CNTP_CVAL write", 1465, 592, 140),
    ("ptimer-poll", "physical timer expiry until IAR", 2593, 2905, 350),
    ("gicd-typer", "GICD_TYPER read", 1500, 768, 130),
    ("gicd-isenabler", "GICD_ISENABLER write", None, None, 200),
    ("gicd-ipriorityr", "GICD_IPRIORITYR byte write", None, None, 200),
    ("sgi-self", "SGI to self, IAR, EOI", 2326, 1281, 260),
    ("vtimer-poll", "virtual timer expiry until IAR", 2014, 1221, 300),
    ("vtimer-wfi", "virtual timer wakes WFI", 1700, 9734, 350),
    ("vtimer-wfe", "virtual timer wakes WFE", None, None, 350),
    ("vtimer-blocked", "... of a vCPU blocked in the host", 9140, 9734, 6000),
    ("mmio-read", "MMIO read answered by bhyve", 2300, None, 1400),
    ("mmio-write", "MMIO write answered by bhyve", 2371, None, 1400),
    ("first-touch", "first touch of a 4 KiB page", 4466, None, 6236),
    ("first-touch-huge", "first touch, huge pages, per 4 KiB", None, None,
     (1.3, "host-touch-huge")),
    ("ping-pong", "two vCPUs on one CPU, there and back", 12486, 20831, 10000),
    ("host-touch", "the host's own 4 KiB page", None, None, None),
    ("host-touch-huge", "the host's own huge page, per 4 KiB", None, None,
     None),
)
# What each of these costs on silicon, in cycles: the middle of the estimates, which
# are 50 to 100 for the GIC and 10 to 20 for CP15 and barriers.
WEIGHTS = {"gic_accesses": 75, "cp15_accesses": 15, "barriers": 15,
           "tlb_maintenance": 50}

# Guest program, the commands that run it on the board, and how many operations lie
# in one counted span.
PROGRAMS = (
    ("bench.elf", "guest 1", 1),
    ("blocked.elf", "rmmod vmm; modprobe vmm fast_wfi=0; guest 1", 1),
    ("pingpong.elf", "guest 2", 1),
    ("touch.elf", "guest 1; /share/host_touch; huge always; echo huge; "
     "guest 1; /share/host_touch", 512),
)
ON_BOARD = """
huge() { echo $1 >/sys/kernel/mm/transparent_hugepage/enabled; }
guest() { bhyve -c $1 -m 256M -o kernel=/share/%s bench </dev/null; }
huge never
%s
"""


def numbers(out):
    """Reads lines "bench NAME TICKS...": instructions by name, in the order of the
    lines."""
    found, suffix = {}, ""
    for line in out.splitlines():
        words = line.split()
        if words == ["huge"]:
            suffix = "-huge"
        elif words[:1] == ["bench"]:
            found[words[1] + suffix] = board.instructions(words[2:])
    if not found:
        sys.exit("bench: the board showed no numbers:\n" + out[-2000:])
    return found


def counts_of(names, spans, operations):
    """The counts of one operation, for each row of a guest; operations of the host
    are not counted."""
    rows = [name for name in names if not name.startswith("host-")]
    if len(rows) != len(spans):
        sys.exit(f"bench: {len(spans)} counts of {len(rows)} operations")
    return {name: {what: round(span[what] / operations, 2) for what in span}
            for name, span in zip(rows, spans)}


def modelled(insns, counts):
    return round(insns + sum(weight * counts[what]
                             for what, weight in WEIGHTS.items()))


def measure_program(name, commands, operations):
    print(f"bench: {name}", file=sys.stderr)

    def run(options):
        return numbers(board.run(ON_BOARD % (name, commands),
                                 map(board.program, (name, "host_touch")),
                                 options))
    insns = run("")
    again, spans = count.counted(board.program(name), run)
    for row in insns:
        if insns[row] != again[row]:
            print(f"bench: {row}: {insns[row]}, and {again[row]} counted",
                  file=sys.stderr)
    counts = counts_of(insns, spans, operations)
    return {row: dict({"name": row, "insns": value},
                      **counts.get(row, {}),
                      **({"model": modelled(value, counts[row])}
                         if row in counts else {}))
            for row, value in insns.items()}


def limit(row, results):
    """The row's limit in instructions; None if it has none."""
    most = row[4]
    if isinstance(most, tuple):
        factor, other = most
        most = round(factor * results[other]["insns"])
    return most


def show(results):
    columns = ("gic_accesses", "cp15_accesses", "barriers", "tlb_maintenance",
               "exits", "model")
    print(f"{'instructions per operation':38} {'KVM':>6} {'Xen':>6} "
          f"{'most':>6} {'ours':>6}      {'GIC':>5} {'CP15':>5} {'bar':>5} "
          f"{'TLB':>5} {'HYP':>5} {'model':>5}")
    for row in ROWS:
        got, most = results[row[0]], limit(row, results)
        verdict = "" if most is None else \
            "ok" if got["insns"] <= most else "over"
        print(f"{row[1]:38} {cell(row[2]):>6} {cell(row[3]):>6} "
              f"{cell(most):>6} {got['insns']:>6} {verdict:4}",
              *(f"{cell(got.get(what)):>5}" for what in columns))
    print(f"""Medians of chunks of {board.PER_CHUNK}, the loop's two instructions \
included. GIC: accesses to
GICD, GICC, GICH and GICV, but for a guest's polling of GICC_IAR; bar: barriers; TLB:
its maintenance; HYP: entries to HYP, the host's own calls included. model:
instructions, and {WEIGHTS['gic_accesses']} cycles for a GIC access, \
{WEIGHTS['cp15_accesses']} for CP15 or a barrier, \
{WEIGHTS['tlb_maintenance']} for TLB
maintenance: a guess at silicon, to compare by.""")


def bench():
    results = {}
    for program in PROGRAMS:
        results.update(measure_program(*program))
    show(results)
    return list(results.values())
