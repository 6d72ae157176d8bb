# SPDX-License-Identifier: BSD-2-Clause
"""The user's terminal in raw mode, and back again whatever happens."""
import contextlib
import os
import signal
import sys
import termios
import tty


def guard(fd, saved):
    """A process that puts the terminal back should we be killed: its pipe from
    us ends when we do. Returns what ends it."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        os.close(writer)
        os.read(reader, 1)
        termios.tcsetattr(fd, termios.TCSADRAIN, saved)
        os._exit(0)
    os.close(reader)
    return writer


@contextlib.contextmanager
def raw(stream):
    """Raw mode, if the stream is a terminal: gives its size, else None."""
    if stream is None or not stream.isatty():
        yield None
        return
    fd = stream.fileno()
    saved = termios.tcgetattr(fd)
    sys.stdout.flush()
    writer = guard(fd, saved)
    try:
        tty.setraw(fd)
        yield os.get_terminal_size(fd)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, saved)
        os.close(writer)
        os.wait()
