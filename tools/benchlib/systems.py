# SPDX-License-Identifier: BSD-2-Clause
"""Measures a whole system: Debian's kernel with tests/bench/system.c as its only
program, on QEMU without a hypervisor and as a guest on the board. Both have one CPU,
which executes one instruction a nanosecond."""
import os
import re
import subprocess
import sys
import tempfile

from benchlib import board, initrd
from benchlib.table import cell

# Name, title, and as multiples of the system without a hypervisor: KVM/ARM32 with
# kvmtool, Xen's dom0, and our limit.
ROWS = (
    ("boot", "boot to init", 1.014, 1.050, 1.01),
    ("programs", "200 fork+exec", 1.084, 1.007, 1.01),
    ("copy", "64 MiB dd", 1.012, 1.001, 1.005),
    ("pl011", "100 console lines, PL011", 10.6, 1.31, 3),
    ("virtio-console", "... virtio-console, to PL011 bare", None, None, 1.3),
)
MEMORY = 256
OPTIONS = "console=ttyAMA0 rdinit=/init quiet"
BARE = ("qemu-system-arm -nodefaults -nographic -no-reboot "
        "-M virt,virtualization=on,gic-version=2,dtb-randomness=off "
        f"-cpu cortex-a15 -smp 1 -m {MEMORY} -icount shift=0,sleep=off "
        "-seed 1 -rtc base=2020-01-01,clock=vm -serial stdio").split()
ON_BOARD = f"""
bhyve -c 1 -m {MEMORY}M -o kernel=/boot/vmlinuz -o initrd=/share/initrd \
-o fdt.bootargs='{OPTIONS}' -o virtio.transport=mmio \
-s 1,virtio-console,test=pty:/tmp/port bench </dev/null &
until [ -e /tmp/port ]; do usleep 10000; done
cat /tmp/port >/dev/null &
wait %1
"""


def numbers(out):
    return {name: int(ns) for name, ns in
            re.findall(r"^system (\S+) (\d+)\r?$", out, re.M)}


def bare(kernel, path):
    return numbers(subprocess.run(
        BARE + ["-kernel", kernel, "-initrd", path, "-append", OPTIONS],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        check=False, errors="replace").stdout)


def bench():
    print("bench: whole systems", file=sys.stderr)
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "initrd")
        initrd.write(path, "system", ("virtio_mmio", "virtio_console"))
        own = bare(os.path.join(board.BOARD, "vmlinuz"), path)
        guest = numbers(board.run(ON_BOARD, [path]))
    if not own or not guest:
        sys.exit("bench: a system showed no numbers")
    own["virtio-console"] = own["pl011"]
    ratios = {name: round(guest[name] / own[name], 4) for name in own}
    show(ratios, own, guest)
    return [{"name": f"system-{name}", "ratio": ratios[name],
             "bare": own[name], "guest": guest[name]} for name in ratios]


def show(ratios, own, guest):
    print(f"{'a guest to the same system bare':34} {'KVM':>6} {'Xen':>6} "
          f"{'most':>6} {'ours':>7}      {'bare':>12} {'guest':>12}")
    for name, title, kvm, xen, most in ROWS:
        print(f"{title:34} {cell(kvm):>6} {cell(xen):>6} {most:>6} "
              f"{ratios[name]:>7.4g} "
              f"{'ok' if ratios[name] <= most else 'over':4} "
              f"{own[name]:>12} {guest[name]:>12}")
    print(f"One CPU, {MEMORY} MiB. bare, guest: instructions.")
