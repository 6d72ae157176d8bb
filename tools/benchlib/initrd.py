# SPDX-License-Identifier: BSD-2-Clause
"""Writes an initrd with one program, /init, and the kernel modules that it loads."""
import io
import os
import subprocess

from benchlib import board
from boardlib import initramfs


def with_what_they_need(modules):
    """Paths of the modules and of those they depend on, in the order of loading."""
    root = os.path.join(board.BOARD, "root")
    release = os.listdir(os.path.join(root, "lib/modules"))[0]
    out = subprocess.run(
        ["/sbin/modprobe", "-d", root, "-S", release, "--show-depends", "-a",
         *modules], stdout=subprocess.PIPE, text=True, check=True).stdout
    paths = (line.split()[1] for line in out.splitlines()
             if line.startswith("insmod"))
    return list(dict.fromkeys(paths))


def write(path, program, modules):
    out = io.BytesIO()
    archive = initramfs.Archive(out)
    archive.directory("dev")
    archive.directory("modules")
    with open(board.program(program), "rb") as f:
        archive.file("init", f.read(), 0o755)
    for number, module in enumerate(with_what_they_need(modules)):
        with open(module, "rb") as f:
            archive.file(f"modules/{number}", f.read())
    archive.end()
    with open(path, "wb") as f:
        f.write(out.getvalue())
