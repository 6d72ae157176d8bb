# SPDX-License-Identifier: BSD-2-Clause
"""Runs commands on the board, by default with one CPU that executes one instruction
a nanosecond (QEMU's -icount)."""
import os
import shutil
import statistics
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
BUILD = os.path.join(ROOT, "build")
PROGRAMS = os.path.join(BUILD, "armhf/tests/bench")
BOARD = os.path.join(BUILD, "board/bookworm")
MODULE = os.path.join(BUILD, "vmm/bookworm/vmm.ko")
# A tick of the board's generic timer: CNTFRQ is 62.5 MHz.
NS_A_TICK = 16
PER_CHUNK = 1000


def run(commands, files, options="", machine=("--icount",),
        seconds=1800):
    """Runs shell commands on the board, with files at /share, and returns what they
    print. options are QEMU's, machine are options of tools/board."""
    with tempfile.TemporaryDirectory() as share:
        for path in files:
            shutil.copy(path, share)
        return subprocess.run(
            [os.path.join(ROOT, "tools", "board"), *machine, "--share",
             share, "--timeout", str(seconds), "--", "sh", "-c", commands],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            errors="replace", check=False,
            env=dict(os.environ, BOARD_QEMU=options)).stdout


def program(name):
    return os.path.join(PROGRAMS, name)


def instructions(ticks):
    """Instructions of one operation. ticks: for each chunk of PER_CHUNK operations,
    the ticks of the counter that a guest has printed."""
    return round(statistics.median(int(word) for word in ticks) * NS_A_TICK
                 / PER_CHUNK)
