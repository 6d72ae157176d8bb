# SPDX-License-Identifier: BSD-2-Clause
"""Carries COMMAND's input, output and exit status between tools/board and the agent
on the board, as frames over one stream. rootfs/agent.c describes the frames."""
import os
import select
import struct
import time

HEADER = struct.Struct("<cI")
FRAME_MAX = 32768
STREAMS = {b"o": 1, b"e": 2}
ESCAPE = b"\x1d"  # Ctrl-]
ESCAPE_SECONDS = 1.0
SERIAL_START = b"\1board\1\0"  # the kernel's messages come before it


class Ended(Exception):
    """The board has ended, or must be ended, before COMMAND did."""

    def __init__(self, reason, status=1):
        super().__init__(reason)
        self.status = status


class Escape:
    """Notices Ctrl-] three times within a second, in what the user types."""

    def __init__(self):
        self.times = []

    def look(self, data):
        now = time.monotonic()
        for i in range(len(data)):
            self.times = (self.times + [now])[-3:] \
                if data[i:i + 1] == ESCAPE else []
        if len(self.times) == 3 and now - self.times[0] < ESCAPE_SECONDS:
            raise Ended("switched off from the keyboard", 130)


class Carrier:
    def __init__(self, link, interactive, serial):
        self.link = link
        self.link.setblocking(False)
        self.escape = Escape() if interactive else None
        self.received = b""
        self.started = not serial
        self.to_send = b""
        self.input_open = True
        self.status = None

    def wait(self, timeout):
        # No more input is read until the input before it has been sent.
        reads = [self.link]
        if self.input_open and self.started and not self.to_send:
            reads.append(0)
        writes = [self.link] if self.started and self.to_send else []
        readable, writable, _ = select.select(reads, writes, [], timeout)
        if 0 in readable:
            self.take_input()
        if self.started and self.to_send:
            self.send()
        if self.link in readable:
            self.receive()

    def take_input(self):
        try:
            data = os.read(0, FRAME_MAX)
        except OSError:
            data = b""
        if self.escape:
            self.escape.look(data)
        self.input_open = bool(data)
        self.to_send = HEADER.pack(b"i", len(data)) + data

    def send(self):
        try:
            self.to_send = self.to_send[self.link.send(self.to_send):]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.to_send = b""

    def receive(self):
        try:
            data = self.link.recv(1 << 16)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Ended("the board went off before COMMAND ended" +
                        self.words())
        self.received += data
        if not self.started:
            _, start, after = self.received.partition(SERIAL_START)
            self.started = bool(start)
            self.received = after if start else self.received
        if self.started:
            self.take_frames()

    def words(self):
        """What came over the stream that is not a frame, such as kernel messages."""
        return "" if not self.received else ":\n" + \
            self.received.decode(errors="replace").replace("\r", "")

    def take_frames(self):
        while len(self.received) >= HEADER.size:
            kind, length = HEADER.unpack_from(self.received)
            end = HEADER.size + length
            if len(self.received) < end:
                break
            self.frame(kind, self.received[HEADER.size:end])
            self.received = self.received[end:]

    def frame(self, kind, data):
        if kind == b"x":
            self.status = int.from_bytes(data, "little")
            return
        if kind not in STREAMS:
            raise Ended("the kernel spoke up" + self.words())
        stream = STREAMS[kind]
        while data:
            data = data[os.write(stream, data):]


def stdin_is_open():
    try:
        os.fstat(0)
    except OSError:
        return False
    return True


def carry(link, timeout, interactive, serial):
    """Carries everything until COMMAND ends, and returns its exit status; raises
    Ended if the board ends first, or after timeout seconds."""
    carrier = Carrier(link, interactive, serial)
    if not stdin_is_open():
        carrier.input_open = False
        carrier.to_send = HEADER.pack(b"i", 0)
    deadline = time.monotonic() + timeout if timeout else None
    while carrier.status is None:
        left = max(0, deadline - time.monotonic()) if deadline else None
        if left == 0:
            raise Ended(f"no end of COMMAND after {timeout} seconds" +
                        carrier.words(), 124)
        carrier.wait(left)
    return carrier.status
