# SPDX-License-Identifier: BSD-2-Clause
"""Runs QEMU as a child that is killed when this process ends, however it ends. What
QEMU reads and writes are memfds, so that no file is left behind."""
import contextlib
import ctypes
import os
import re
import signal
import socket
import subprocess

PR_SET_PDEATHSIG = 1
TAIL_LINES = 90
# How a kernel begins what its checks have found.
FINDINGS = re.compile(r"BUG:|WARNING:|UBSAN:|INFO: (task|rcu|trying)|Oops|"
                      r"kmemleak: [1-9]|ODEBUG:|DMA-API:|Bad page")


def die_with(parent):
    """Returns a function that the child calls before it executes QEMU: it makes the
    kernel kill the child when its parent dies."""
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
    def __init__(self, plan, more_fds=()):
        """more_fds: descriptors of this process that QEMU has, too."""
        self.console = unnamed_file("console")
        self.complaints = unnamed_file("complaints")
        self.link, theirs = socket.socketpair()
        initrd = unnamed_file("initrd", plan.initramfs())
        fds = (initrd, self.console, theirs.fileno())
        try:
            self.qemu = subprocess.Popen(
                plan.qemu(*fds), pass_fds=(*fds, *more_fds), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=self.complaints,
                stderr=self.complaints, preexec_fn=die_with(os.getpid()))
        finally:
            os.close(initrd)
            theirs.close()

    def stop(self):
        self.qemu.kill()
        self.qemu.wait()

    def said(self):
        return os.pread(self.console, 1 << 24, 0).decode(errors="replace")

    def findings(self):
        """What the kernel's own checks have found, with the lines that follow."""
        lines = self.said().replace("\r", "").splitlines()
        return ["\n".join(lines[i:i + TAIL_LINES])
                for i, line in enumerate(lines) if FINDINGS.search(line)]

    def report(self, end):
        """The console's last lines, then one line that says why the board ended."""
        console = self.said()
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
