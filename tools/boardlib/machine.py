# SPDX-License-Identifier: BSD-2-Clause
"""What the board is made of: QEMU's command line and its initial filesystem."""
import io
import os
import shlex
import sys

from boardlib import initramfs

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
KERNEL_OPTIONS = "console=ttyAMA0 rdinit=/init panic=-1 loglevel=6"


def same_file(a, b):
    try:
        return os.path.samestat(os.fstat(a), os.fstat(b))
    except OSError:
        return False


class Plan:
    def __init__(self, args, terminal_size):
        self.args = args
        self.size = terminal_size
        self.directory = os.path.join(ROOT, "build", "board", args.host)

    def _mode(self):
        """How the agent is to connect COMMAND: see rootfs/agent.c."""
        if self.args.icount:
            return ["file"]
        if self.size:
            return ["tty", str(self.size.lines), str(self.size.columns),
                    os.environ.get("TERM", "vt100")]
        return ["merge" if same_file(1, 2) else "pipe"]

    def initramfs(self):
        """The board's filesystem: what was built, then what this run adds."""
        out = io.BytesIO()
        archive = initramfs.Archive(out)
        words = self._mode() + self.args.command
        archive.file("board/command",
                     b"".join(os.fsencode(w) + b"\0" for w in words))
        if self.args.icount:
            archive.file("board/input", self._input())
        if self.args.icount and self.args.share:
            archive.file("board/copied", b"")
            archive.tree(self.args.share, "share/")
        elif self.args.share:
            archive.file("board/share", b"")
        archive.end()
        with open(os.path.join(self.directory, "initramfs.cpio"), "rb") as f:
            return f.read() + out.getvalue()

    def _input(self):
        """All of the input: a run that repeats has it from the start."""
        if sys.stdin is None or sys.stdin.isatty():
            return b""
        return sys.stdin.buffer.read()

    def qemu(self, initrd, console, link):
        """QEMU's words; the arguments are the numbers of open files."""
        args = self.args
        words = ["qemu-system-arm", "-nodefaults", "-nographic", "-no-reboot",
                 "-M", "virt,virtualization=on,gic-version=2",
                 "-cpu", "cortex-a15", "-smp", str(args.cpu),
                 "-m", str(args.mem),
                 "-kernel", os.path.join(self.directory, "vmlinuz"),
                 "-initrd", f"/dev/fd/{initrd}", "-append", KERNEL_OPTIONS,
                 "-chardev", f"file,id=console,path=/dev/fd/{console}",
                 "-serial", "chardev:console",
                 "-chardev", f"socket,id=link,fd={link}",
                 "-device", "virtio-serial-device",
                 "-device", "virtserialport,chardev=link,nr=1"]
        if args.share:
            words += ["-fsdev", "local,id=share,security_model=none,path="
                      + args.share.replace(",", ",,"),
                      "-device", "virtio-9p-device,fsdev=share,mount_tag=share"]
        if args.icount:
            words += ["-M", "dtb-randomness=off", "-smp", "1",
                      "-icount", "shift=0,sleep=off", "-seed", "1",
                      "-rtc", "base=2020-01-01,clock=vm"]
        # For the tests of hosts that vmm.ko must refuse.
        return words + shlex.split(os.environ.get("BOARD_QEMU", ""))
