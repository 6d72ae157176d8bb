# SPDX-License-Identifier: BSD-2-Clause
"""A board with a whole Debian system of tools/debian: its disk, kernel and initial
RAM disk, and a user who works at its serial console as root."""
import os
import re
import selectors
import shutil
import subprocess
import time

from boardlib import process

TOOLS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


class Failed(Exception):
    """What the console does not say, or the system that ended."""


def prepare(suite, work):
    """A copy of the system's disk, which may be written to, in the directory
    @work, and what it boots from. The directory of tools/debian."""
    source = subprocess.run([os.path.join(TOOLS, "debian"), suite], text=True,
                            check=True, stdout=subprocess.PIPE).stdout.strip()
    subprocess.run(["cp", "--reflink=auto", "--sparse=always",
                    os.path.join(source, "disk.img"), work], check=True)
    for name in "vmlinuz", "initrd.img":
        shutil.copy(os.path.join(source, name), work)
    return source


class System:
    def __init__(self, work, share, log):
        self.log = log
        self.seen = ""
        self.qemu = subprocess.Popen(
            ["qemu-system-arm", "-nodefaults", "-nographic", "-no-reboot",
             "-M", "virt,virtualization=on,gic-version=2",
             "-cpu", "cortex-a15", "-smp", "2", "-m", "1536",
             "-kernel", os.path.join(work, "vmlinuz"),
             "-initrd", os.path.join(work, "initrd.img"),
             "-append", "console=ttyAMA0 root=LABEL=debian rw quiet "
             "systemd.default_timeout_start_sec=1h "
             "systemd.default_device_timeout_sec=1h",
             "-drive", "if=none,id=disk,format=raw,file="
             + os.path.join(work, "disk.img"),
             "-device", "virtio-blk-device,drive=disk",
             "-netdev", "user,id=net,restrict=on",
             "-device", "virtio-net-device,netdev=net",
             "-fsdev", "local,id=share,security_model=none,path=" + share,
             "-device", "virtio-9p-device,fsdev=share,mount_tag=share",
             "-serial", "stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=process.die_with(os.getpid()))
        self.poll = selectors.DefaultSelector()
        self.poll.register(self.qemu.stdout, selectors.EVENT_READ)

    def wait_for(self, pattern, seconds):
        """Until the console has said @pattern; what it has said up to there."""
        end = time.monotonic() + seconds
        while True:
            match = re.search(pattern, self.seen, re.M)
            if match:
                said = self.seen[:match.end()]
                self.seen = self.seen[match.end():]
                return said
            if not self.poll.select(max(0, end - time.monotonic())):
                raise Failed(f"no '{pattern}' within {seconds} s")
            data = os.read(self.qemu.stdout.fileno(), 65536)
            if not data:
                raise Failed(f"the system ended before '{pattern}'")
            self.log.write(data)
            self.log.flush()
            # Without what a shell says to its terminal.
            self.seen += re.sub(r"\r|\x1b\[\?2004[hl]", "",
                                data.decode(errors="replace"))

    def type(self, line):
        self.qemu.stdin.write(line.encode() + b"\n")
        self.qemu.stdin.flush()

    def log_in(self, seconds=1200):
        self.wait_for(" login: ", seconds)
        self.type("root")
        self.wait_for(r":~# ", 600)
        # No echo, no colours, no wrapped lines: what comes is the output.
        self.run("stty -echo cols 500; PS1=; export TERM=dumb "
                 "SYSTEMD_COLORS=0 SYSTEMD_PAGER= DEBIAN_FRONTEND=noninteractive",
                 60)
        self.run("modprobe -a 9pnet_virtio 9p; mkdir -p /share; mount -t 9p "
                 "-o trans=virtio,version=9p2000.L share /share", 60)

    def run(self, command, seconds=300):
        """(status, output) of a command line. It is one line, because apt passes
        what is typed meanwhile on to the packages' scripts."""
        self.type(f"{command}; printf '\\n=%s=%d=\\n' done $?")
        said = self.wait_for(r"^=done=\d+=$", seconds)
        lines = said.splitlines()
        return int(lines[-1].split("=")[2]), "\n".join(lines[:-1])

    def ends(self, command, seconds=600):
        """Runs a command that ends the system."""
        self.type(command)
        try:
            self.wait_for(r"\Z.\A", seconds)
        except Failed:
            pass
        self.kill()

    def kill(self):
        self.qemu.kill()
        self.qemu.wait()
