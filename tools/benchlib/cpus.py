# SPDX-License-Identifier: BSD-2-Clause
"""Measures interrupts from a vCPU, and from another process, to a vCPU on another
CPU, as multiples of the round trip of two threads of the host by a futex. With two CPUs
QEMU cannot count a nanosecond for each instruction; these are measured times, of which
only the ratio means something."""
import contextlib
import os
import statistics
import sys

from benchlib import board

# name, title
ROWS = (
    ("ipi", "SGI to a running vCPU, and one back"),
    ("ipi-wfi", "... to a vCPU in WFI"),
    ("ipi-wfi-blocked", "... in WFI, blocked in the host"),
    ("irqfd", "irqfd to a running vCPU, its answer"),
    ("irqfd-wfi", "... to a vCPU in WFI"),
    ("irqfd-wfi-blocked", "... in WFI, blocked in the host"),
)
ON_BOARD = """
cp /share/cpus /tmp
/tmp/cpus
rmmod vmm
modprobe vmm fast_wfi=0
echo blocked
/tmp/cpus wfi
"""


@contextlib.contextmanager
def undisturbed():
    """Gives the board a real-time priority, if this process may. Otherwise one of
    its two CPUs may wait for the other while that one's thread is preempted."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        print("bench: without a real-time priority, other work disturbs",
              file=sys.stderr)
    try:
        yield
    finally:
        os.sched_setscheduler(0, *before)


def numbers(out):
    """Reads lines "cpus NAME GUEST HOST": for each name, pairs (guest, host)."""
    found, suffix = {}, ""
    for line in out.splitlines():
        words = line.split()
        if words == ["blocked"]:
            suffix = "-blocked"
        elif words[:1] == ["cpus"]:
            found.setdefault(words[1] + suffix, []).append(
                (int(words[2]), int(words[3])))
    if set(found) != {name for name, _ in ROWS}:
        sys.exit("bench: the board showed no numbers:\n" + out[-2000:])
    return found


def result(name, pairs):
    """The median of guest / host, and the quartiles: half of the chunks lie between
    low and high."""
    low, middle, high = statistics.quantiles(
        [guest / host for guest, host in pairs], n=4)
    return {"name": f"cpus-{name}", "ratio": round(middle, 3),
            "low": round(low, 3), "high": round(high, 3),
            "chunks": len(pairs)}


def show(results):
    print(f"{'to two threads and a futex, on two CPUs':40} {'ours':>6} "
          f"{'half of them':>14} {'chunks':>7}")
    for (_, title), got in zip(ROWS, results):
        print(f"{title:40} {got['ratio']:>6.2f} "
              f"{got['low']:>6.2f} to {got['high']:>4.2f} {got['chunks']:>7}")
    print("""Times of a board with two CPUs, each chunk of ten round trips beside one of \
the host's:
medians of ratios, which differ from run to run; no instructions, no seconds. irqfd:
another process writes to an eventfd; the guest's handler stores to an ioeventfd.""")


def bench():
    print("bench: two CPUs", file=sys.stderr)
    with undisturbed():
        found = numbers(board.run(ON_BOARD, [board.program("cpus")],
                                  machine=("--cpu", "2"), seconds=300))
    results = [result(name, found[name]) for name, _ in ROWS]
    show(results)
    return results
