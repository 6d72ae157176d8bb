# SPDX-License-Identifier: BSD-2-Clause
"""An Ethernet segment of emulated boards. Each board's network card is a socket, on which
a packet is a frame; a thread for each board passes its frames on to all others that are
switched on."""
import socket
import threading

FRAME_MAX = 65536


class Segment:
    def __init__(self):
        self.ports = {}  # the board's number -> our end of its card's socket
        self.lock = threading.Lock()

    def plug(self, number):
        """The other end of a new socket, for QEMU; the caller closes it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with self.lock:
            self.ports[number] = ours
        threading.Thread(target=self._pass_on, args=(number, ours),
                         daemon=True).start()
        return theirs

    @staticmethod
    def options(number, fd):
        """QEMU's, for the card of that board, whose socket is open as fd."""
        return ["-netdev", f"dgram,id=segment,local.type=fd,local.str={fd}",
                "-device", "virtio-net-device,netdev=segment,"
                f"mac=52:54:00:00:08:{number:02x}"]

    def _others(self, number):
        with self.lock:
            return [port for n, port in self.ports.items() if n != number]

    def _pass_on(self, number, ours):
        """Until the board is switched off."""
        while frame := self._receive(ours):
            for port in self._others(number):
                try:
                    port.send(frame)
                except OSError:
                    pass  # that board is off by now
        with self.lock:
            if self.ports.get(number) is ours:
                del self.ports[number]
        ours.close()

    @staticmethod
    def _receive(ours):
        try:
            return ours.recv(FRAME_MAX)
        except OSError:
            return b""
