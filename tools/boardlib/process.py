# SPDX-License-Identifier: BSD-2-Clause
"""QEMU as a process that cannot outlive us and leaves no file behind: what it
reads and writes are files without a name."""
import contextlib
import ctypes
import os
import signal
import socket
import subprocess

PR_SET_PDEATHSIG = 1
TAIL_LINES = 90


def die_with(parent):
    """To be called in the child, before it becomes QEMU."""
    def prepare():
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    return prepare


def unnamed_file(name, data=b""):
    fd = os.memfd_create(name, 0)
    with open(fd, "wb", closefd=False) as f:
        f.write(data)
    return fd


class Board:
    def __init__(self, plan):
        self.console = unnamed_file("console")
        self.complaints = unnamed_file("complaints")
        self.link, theirs = socket.socketpair()
        initrd = unnamed_file("initrd", plan.initramfs())
        fds = (initrd, self.console, theirs.fileno())
        try:
            self.qemu = subprocess.Popen(
                plan.qemu(*fds), pass_fds=fds, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=self.complaints,
                stderr=self.complaints, preexec_fn=die_with(os.getpid()))
        finally:
            os.close(initrd)
            theirs.close()

    def stop(self):
        self.qemu.kill()
        self.qemu.wait()

    def report(self, end):
        """One line on why the board ended, after its console's last lines."""
        console = os.pread(self.console, 1 << 24, 0).decode(errors="replace")
        complaints = os.pread(self.complaints, 1 << 16, 0).decode()
        lines = console.replace("\r", "").splitlines()[-TAIL_LINES:]
        if "Kernel panic" in console:
            end = "the host's kernel panicked"
        elif complaints:
            end = complaints.strip()
        return "\n".join(lines + [f"board: {end}"])


@contextlib.contextmanager
def start(plan):
    board = Board(plan)
    try:
        yield board
    finally:
        board.stop()
