# SPDX-License-Identifier: BSD-2-Clause
"""What operations do that is slow on silicon: accesses to the GIC and to CP15,
barriers, TLB maintenance, entries to HYP. A plugin of QEMU's counts them between a
program's look_from() and look_to()."""
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
    """run(QEMU'S OPTIONS) runs the guest PROGRAM: its result, and a dictionary
    of counts for each span, in their order."""
    with tempfile.TemporaryDirectory() as work:
        plugin, log = os.path.join(work, "count.so"), os.path.join(work, "log")
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared",
                        "-fPIC", "-o", plugin, os.path.join(HERE, "count.c")],
                       check=True)
        result = run(f"-d plugin -D {log} -plugin {plugin}"
                     f",from={address(program, 'look_from')}"
                     f",to={address(program, 'look_to')}")
        return result, spans(log)
