# SPDX-License-Identifier: BSD-2-Clause
"""Counts what is slow on silicon: accesses to the GIC and to CP15, barriers, TLB
maintenance, entries to HYP mode. The QEMU plugin count.c counts them from each call of
a program's look_from() to the next call of its look_to()."""
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))


def address(program, symbol):
    out = subprocess.run(["arm-linux-gnueabihf-nm", program],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.search(rf"^(\w+) T {symbol}$", out, re.M)[1]


def spans(log):
    with open(log, encoding="utf-8") as lines:
        return [{name: int(value) for name, value in
                 re.findall(r"(\w+)=(\d+)", line)}
                for line in lines if line.startswith("span ")]


def counted(program, run):
    """Calls run(options of QEMU), which runs the guest program, and returns its
    result and, for each span from look_from() to look_to(), a dictionary of counts."""
    with tempfile.TemporaryDirectory() as work:
        plugin, log = os.path.join(work, "count.so"), os.path.join(work, "log")
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared",
                        "-fPIC", "-o", plugin, os.path.join(HERE, "count.c")],
                       check=True)
        result = run(f"-d plugin -D {log} -plugin {plugin}"
                     f",from={address(program, 'look_from')}"
                     f",to={address(program, 'look_to')}")
        return result, spans(log)
