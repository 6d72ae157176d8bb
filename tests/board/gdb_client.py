# SPDX-License-Identifier: BSD-2-Clause
"""What tests with gdb share: a gdb that is told one command at a time, and how answers
are compared."""
import os
import re
import shutil
import signal
import socket
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
SECONDS = 600


def check(name, good, why=""):
    print(("ok " if good else "not ok ") + name, flush=True)
    if not good and why:
        print(why, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Gdb:
    """A running gdb that is given one command at a time."""

    def __init__(self, elf, port):
        self.process = subprocess.Popen(
            ["gdb-multiarch", "-q", "-nx", "-nh", elf], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        self.count = 0
        for command in ("set pagination off", "set confirm off",
                        "set width 0", "set remotetimeout 60",
                        "set tcp connect-timeout 60"):
            self(command)
        self(f"target remote 127.0.0.1:{port}")

    def begin(self, command):
        self.count += 1
        self.process.stdin.write(f"{command}\necho \\n=={self.count}\\n\n")

    def end(self):
        lines = []
        for line in self.process.stdout:
            line = line.replace("(gdb) ", "").rstrip()
            if line == f"=={self.count}":
                break
            lines.append(line)
        return "\n".join(lines).rstrip()

    def __call__(self, command):
        self.begin(command)
        return self.end()

    def interrupt(self, command, seconds):
        """Lets the guest run for so many seconds, then stops it with Ctrl-C."""
        self.begin(command)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def quit(self):
        self.process.stdin.write("quit\n")
        self.process.wait(60)


def functions(backtrace):
    return re.findall(r"^#\d+ +(?:0x[0-9a-f]+ in )?(\w+)", backtrace, re.M)


class Board:
    """A board with a guest that waits for gdb at port; @options are bhyve's, and files
    in the directory @work are below /share there."""

    def __init__(self, work, options):
        self.port = free_port()
        shutil.copy(os.path.join(HERE, "gdb.onboard"), work)
        net = (f"-netdev user,id=net,hostfwd=tcp:127.0.0.1:{self.port}-:1234 "
               "-device virtio-net-device,netdev=net")
        self.process = subprocess.Popen(
            [os.path.join(HERE, "..", "..", "tools", "board"), "--cpu", "4",
             "--timeout", str(SECONDS), "--share", work, "--", "sh",
             "/share/gdb.onboard", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, BOARD_QEMU=net))
        for line in self.process.stdout:
            if line.startswith("listening"):
                break

    def end(self):
        """Ends the guest; what the board has said since it was ready for gdb."""
        self.process.stdin.write("\n")
        self.process.stdin.close()
        return self.process.stdout.read()


def compare(mine, theirs):
    for name, answer in theirs.items():
        check(f"gdb: as QEMU's stub: {name}", mine.get(name) == answer,
              f"  here {mine.get(name)}\n  QEMU {answer}")
