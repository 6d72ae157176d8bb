# SPDX-License-Identifier: BSD-2-Clause
"""Puts the user's terminal into raw mode, and restores it even if we are killed."""
import contextlib
import os
import signal
import sys
import termios
import tty


def guard(fd, saved):
    """Starts a process that restores the terminal's settings when the pipe's write
    end is closed, as it is when we are killed. Returns that end."""
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
    """Raw mode within a with statement, if the stream is a terminal. Gives the
    terminal's size, or None if it is none."""
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
