# SPDX-License-Identifier: BSD-2-Clause
"""What boards of boardlib/boards.py share: a disk that this machine exports by NBD, and
Debian's programs of tools/sysroot cluster."""
import contextlib
import os
import shutil
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
TOOLS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "tools")
sys.path.insert(0, TOOLS)
from boardlib import process  # noqa: E402


def fill_share(directory, *names):
    """With files of the tests, and what system.onboard needs."""
    agent = os.path.join(HERE, "..", "..", "packaging", "ocf", "VM")
    for name in "system.onboard", agent, *names:
        shutil.copy(os.path.join(HERE, name), directory)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(directory, share, megabytes):
    """A function for the options of each board's QEMU: the directory of the sysroot,
    and a network "storage" on which 10.0.3.2 is this machine. The file nbd.port in
    share says where on it the disk is, which is empty."""
    subprocess.run([os.path.join(TOOLS, "setup"), "qemu-utils"], check=True,
                   stdout=2)
    root = subprocess.run([os.path.join(TOOLS, "sysroot"), "cluster"],
                          check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()
    disk = os.path.join(directory, "disk.img")
    with open(disk, "wb") as file:
        file.truncate(megabytes << 20)
    port = free_port()
    with open(os.path.join(share, "nbd.port"), "w") as file:
        file.write(f"{port}\n")
    server = subprocess.Popen(["qemu-nbd", "--bind=127.0.0.1", f"--port={port}",
                               "--persistent", "--shared=8", "--format=raw",
                               disk], preexec_fn=process.die_with(os.getpid()))

    def options(number):
        return ["-fsdev", "local,id=system,readonly=on,security_model=none,"
                f"path={root}",
                "-device", "virtio-9p-device,fsdev=system,mount_tag=system",
                "-netdev", "user,id=storage,net=10.0.3.0/24",
                "-device", "virtio-net-device,netdev=storage,"
                f"mac=52:54:00:00:03:0{number}"]
    try:
        yield options
    finally:
        server.kill()
        server.wait()
