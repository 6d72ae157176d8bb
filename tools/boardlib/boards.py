# SPDX-License-Identifier: BSD-2-Clause
"""Boards joined by Ethernet. On each one a shell runs what it is told, and the power of
each one can be cut and given: by the caller, or from a board, by a line "cut N" or "give
N" to /dev/virtio-ports/power, which answers "done"."""
import argparse
import concurrent.futures
import contextlib
import os
import re
import socket
import threading
import time

from boardlib import channel, machine, process, segment

# Before the first command. Board N has the address 10.0.8.N, on the card "segment".
SET_UP = """
modprobe -a virtio_net virtio_console
hostname board{n}
for i in {numbers}; do echo 10.0.8.$i board$i; done >/etc/hosts
for card in /sys/class/net/eth*; do
	[ "$(cat $card/address)" = 52:54:00:00:08:0{n} ] &&
		ip link set ${{card##*/}} name segment
done
ip address add 10.0.8.{n}/24 dev segment
ip link set segment up
mkdir /dev/virtio-ports
for port in /sys/class/virtio-ports/*/name; do
	[ "$(cat $port)" = power ] || continue
	device=${{port%/name}}
	ln -s /dev/${{device##*/}} /dev/virtio-ports/power
done
"""
END = re.compile(rb"\n=end=(\d+)=\n")


class Failed(Exception):
    """A board that is off, or a command that does not end."""


class Plan(machine.Plan):
    def __init__(self, args, options):
        super().__init__(argparse.Namespace(
            icount=False, machine=None, gdb=False, command=["sh"],
            **vars(args)), None)
        self.options = options

    def _mode(self):
        return ["merge"]

    def qemu(self, initrd, console, link):
        return super().qemu(initrd, console, link) + self.options


class Board:
    """One of boards; off at first. What its console says after its power was cut
    is lost."""

    def __init__(self, boards, number):
        self.boards = boards
        self.number = number
        self.board = None
        self.lock = threading.Lock()
        self.received = b""

    def give_power(self):
        """Does not wait until the board has booted; the first run() does."""
        self.boards.starter.submit(self._start).result()

    def _start(self):
        with self.lock:
            if self.board:
                return
            self.received = b""
            power, theirs = socket.socketpair()
            card = self.boards.segment.plug(self.number)
            fds = theirs.fileno(), card.fileno()
            options = self.boards.segment.options(self.number, card.fileno()) + [
                "-chardev", f"socket,id=power,fd={theirs.fileno()}",
                "-device", "virtserialport,chardev=power,name=power"]
            plan = Plan(self.boards.args, options + self.boards.more(self.number))
            with theirs, card:
                self.board = process.Board(plan, fds)
        threading.Thread(target=self._serve_power, args=(power,),
                         daemon=True).start()
        numbers = " ".join(str(board.number) for board in self.boards.all)
        self._send(SET_UP.format(n=self.number, numbers=numbers))

    def cut_power(self):
        with self.lock:
            if self.board:
                self.board.stop()
            self.board = None

    def _serve_power(self, power):
        with power, power.makefile("rw") as lines:
            for line in lines:
                self.boards.switch(line)
                with contextlib.suppress(OSError):
                    print("done", file=lines, flush=True)

    def _send(self, text):
        data = text.encode()
        try:
            self.board.link.sendall(channel.HEADER.pack(b"i", len(data)) + data)
        except (AttributeError, OSError):
            raise Failed(f"board {self.number} is off") from None

    def run(self, command, seconds=300):
        """(status, output) of lines of shell."""
        self._send(f"{{ {command}\n}} </dev/null\nprintf '\\n=end=%d=\\n' $?\n")
        end = time.monotonic() + seconds
        said = b""
        while not (match := END.search(said)):
            said += self._receive(end, command)
        return int(match[1]), said[:match.start()].decode(errors="replace")

    def _receive(self, end, command):
        """What comes next from the shell."""
        while True:
            if len(self.received) >= channel.HEADER.size:
                kind, length = channel.HEADER.unpack_from(self.received)
                after = channel.HEADER.size + length
                if len(self.received) >= after:
                    data = self.received[channel.HEADER.size:after]
                    self.received = self.received[after:]
                    if kind == b"x":
                        raise Failed(f"board {self.number}: its shell ended")
                    return data
            self._wait(end, command)

    def _wait(self, end, command):
        board = self.board
        data = b""
        if board:
            board.link.settimeout(max(0.01, end - time.monotonic()))
            try:
                data = board.link.recv(1 << 16)
            except TimeoutError:
                raise Failed(f"board {self.number}: no end of: {command}") from None
            except OSError:
                pass
        if not data:
            raise Failed(f"board {self.number} went off")
        self.received += data

    def report(self):
        """What its console has said last."""
        return self.board.report("") if self.board else ""


class Boards:
    """args: host, cpu, mem, share, as of tools/board."""

    def __init__(self, count, args, more=lambda number: []):
        self.args = args
        self.more = more  # QEMU's further options for the board of that number
        self.segment = segment.Segment()
        # QEMU is killed when the thread ends that has started it.
        self.starter = concurrent.futures.ThreadPoolExecutor(1)
        self.all = [Board(self, n + 1) for n in range(count)]

    def switch(self, line):
        """Does what a line "cut N" or "give N" says."""
        what, _, number = line.strip().partition(" ")
        if what not in ("cut", "give") or not number.isdecimal() or \
                not 1 <= int(number) <= len(self.all):
            return False
        board = self.all[int(number) - 1]
        board.cut_power() if what == "cut" else board.give_power()
        return True


@contextlib.contextmanager
def start(count, args, more=lambda number: []):
    """Boards that are on; all are off afterwards."""
    boards = Boards(count, args, more)
    try:
        for board in boards.all:
            board.give_power()
        yield boards
    finally:
        for board in boards.all:
            board.cut_power()
        boards.starter.shutdown()
