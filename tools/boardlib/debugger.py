# SPDX-License-Identifier: BSD-2-Clause
"""gdb on the board: where it connects to, and what it is told."""
import os
import shlex
import subprocess

from boardlib import machine


def release(directory):
    """The kernel's, by its modules."""
    return os.listdir(os.path.join(directory, "root", "lib", "modules"))[0]


def kernel(host):
    """A file with the symbols of the kernel of the release @host: Debian's own,
    where that is installed, or one made of what a first boot says of itself."""
    directory = os.path.join(machine.ROOT, "build", "board", host)
    debian = f"/usr/lib/debug/boot/vmlinux-{release(directory)}"
    if os.path.exists(debian):
        return debian
    made = os.path.join(directory, "kernel.elf")
    image = os.path.join(directory, "vmlinuz")
    if not os.path.exists(made) or \
            os.path.getmtime(made) < os.path.getmtime(image):
        symbols = os.path.join(directory, "kallsyms")
        tools = os.path.join(machine.ROOT, "tools")
        with open(symbols, "w") as out:
            subprocess.run([os.path.join(tools, "board"), "--host", host,
                            "--", "cat", "/proc/kallsyms"],
                           stdin=subprocess.DEVNULL, stdout=out, check=True,
                           env={**os.environ, "BOARD_IS_BUILT": "1"})
        subprocess.run([os.path.join(tools, "kernel-elf"), image, symbols, made],
                       check=True)
    return made


def placeable(plan, path):
    """A copy whose sections have no addresses of their own. The linker gives
    some to sections of vmm.ko and HYP, and gdb then places the debug information
    of none."""
    copy = os.path.join(plan.directory, os.path.basename(path))
    subprocess.run(["arm-linux-gnueabihf-objcopy", "--change-section-address",
                    "*=0", path, copy], check=True)
    return copy


def command(plan, socket):
    """What to type: a shell's words."""
    build = os.path.join(machine.ROOT, "build")
    module = placeable(plan, os.path.join(build, "vmm", plan.args.host,
                                          "vmm.ko"))
    hyp = placeable(plan, os.path.join(build, "hyp", "hyp_all.o"))
    here = os.path.dirname(os.path.realpath(__file__))
    return shlex.join([
        "gdb-multiarch", "-q",
        "-ex", f"python vmm_ko, hyp_o, kernel = {module!r}, {hyp!r}, "
               f"{kernel(plan.args.host)!r}",
        "-ex", f"source {os.path.join(here, 'gdb_module.py')}",
        "-ex", f"target remote {socket}"])
