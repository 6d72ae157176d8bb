# SPDX-License-Identifier: BSD-2-Clause
"""Makes what the board consists of: QEMU's command line, and the filesystem in which
its kernel starts."""
import io
import os
import shlex
import sys

from boardlib import initramfs

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
KERNEL_OPTIONS = "console=ttyAMA0 rdinit=/init panic=-1 loglevel=6"


class Machine:
    """A machine type of QEMU other than "virt", which boots with the device tree
    that Debian has for that board."""
    def __init__(self, qemu, cpus, mem, tree, tty):
        self.qemu = qemu
        self.cpus = cpus
        self.mem = mem
        self.tree = tree
        self.tty = tty


MACHINES = {
    "orangepi-pc": Machine("orangepi-pc", 4, 1024, "sun8i-h3-orangepi-pc",
                           "ttyS0"),
    "mcimx7d-sabre": Machine("mcimx7d-sabre", 2, 1024, "imx7d-sdb", "ttymxc0"),
    "mcimx6ul-evk": Machine("mcimx6ul-evk", 1, 512, "imx6ul-14x14-evk",
                            "ttymxc0"),
    "vexpress-a15": Machine("vexpress-a15,secure=off", 2, 1024,
                            "vexpress-v2p-ca15-tc1", "ttyAMA0"),
    "vexpress-a15-secure": Machine("vexpress-a15", 2, 1024,
                                   "vexpress-v2p-ca15-tc1", "ttyAMA0"),
    "ast2600-evb": Machine("ast2600-evb", 2, 1024, "aspeed-ast2600-evb",
                           "ttyS4"),
    "raspi2b": Machine("raspi2b", 4, 1024, "bcm2836-rpi-2-b", "ttyAMA0"),
}


def same_file(a, b):
    try:
        return os.path.samestat(os.fstat(a), os.fstat(b))
    except OSError:
        return False


class Plan:
    def __init__(self, args, terminal_size):
        self.args = args
        self.size = terminal_size
        self.machine = MACHINES.get(args.machine)
        self.gdb_socket = None
        self.directory = os.path.join(ROOT, "build", "board", args.host)

    def _mode(self):
        """Tells the agent what COMMAND's input and output are, see rootfs/agent.c."""
        if self.args.icount:
            return ["file"]
        if self.size:
            return ["tty", str(self.size.lines), str(self.size.columns),
                    os.environ.get("TERM", "vt100")]
        return ["merge" if same_file(1, 2) else "pipe"]

    def initramfs(self):
        """The board's filesystem: the archive that make has built, followed by one with
    the files of this run."""
        out = io.BytesIO()
        archive = initramfs.Archive(out)
        words = self._mode() + self.args.command
        archive.file("board/command",
                     b"".join(os.fsencode(w) + b"\0" for w in words))
        if self.args.icount:
            archive.file("board/input", self._input())
        if self.machine:
            archive.file("board/tty", self.machine.tty.encode())
        if self.args.icount and self.args.share:
            archive.file("board/copied", b"")
        if (self.args.icount or self.machine) and self.args.share:
            archive.tree(self.args.share, "share/")
        elif self.args.share:
            archive.file("board/share", b"")
        archive.end()
        with open(os.path.join(self.directory, "initramfs.cpio"), "rb") as f:
            return f.read() + out.getvalue()

    def _input(self):
        """All of COMMAND's input. With --icount it is in the filesystem from the start,
    so that when it arrives does not depend on the time."""
        if sys.stdin is None or sys.stdin.isatty():
            return b""
        return sys.stdin.buffer.read()

    def qemu(self, initrd, console, link):
        """QEMU's command line. The arguments are open file descriptors."""
        args = self.args
        if self.machine:
            return self._other(initrd, link) + self._gdb()
        words = ["qemu-system-arm", "-nodefaults", "-nographic", "-no-reboot",
                 "-M", "virt,virtualization=on,gic-version=2",
                 "-cpu", "cortex-a15", "-smp", str(args.cpu),
                 "-m", str(args.mem),
                 "-kernel", os.path.join(self.directory, "vmlinuz"),
                 "-initrd", f"/dev/fd/{initrd}",
                 "-append", KERNEL_OPTIONS + self._append(),
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
        # Tests add options here, to make hosts that vmm.ko must refuse.
        return words + self._gdb() + \
            shlex.split(os.environ.get("BOARD_QEMU", ""))

    def _gdb(self):
        """Options to wait for gdb: with -S not an instruction runs before."""
        return ["-S", "-gdb", f"unix:{self.gdb_socket},server=on,wait=off"] \
            if self.gdb_socket else []

    def _append(self):
        """Options that tests add for the board's kernel. One that checks itself starts
    slowly, and shows from the first line how far it has come."""
        early = " earlycon=pl011,0x9000000" if self.args.host == "debug" else ""
        return early + " " + os.environ.get("BOARD_APPEND", "")

    def _other(self, initrd, link):
        m = self.machine
        append = f"console={m.tty} rdinit=/init panic=-1 loglevel=3" + \
            self._append()
        return ["qemu-system-arm", "-nodefaults", "-nographic", "-no-reboot",
                "-M", m.qemu, "-smp", str(m.cpus), "-m", str(m.mem),
                "-kernel", os.path.join(self.directory, "vmlinuz"),
                "-dtb", os.path.join(self.directory, "dtb", m.tree + ".dtb"),
                "-initrd", f"/dev/fd/{initrd}", "-append", append,
                "-chardev", f"socket,id=link,fd={link}",
                "-serial", "chardev:link"]
