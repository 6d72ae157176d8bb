#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes archives in the "newc" format of cpio, which Linux unpacks as its
initial RAM filesystem (Documentation/driver-api/early-userspace/buffer-format):
Linux unpacks several archives, one after the other, into the same filesystem.

Owner, times and inode numbers are fixed, so that equal files make equal archives: two
runs on the board must be the same to the instruction.
"""
import os
import stat
import sys


class Archive:
    def __init__(self, out):
        self.out = out
        self.inode = 0

    def _entry(self, name, mode, data=b""):
        self.inode += 1
        name = name.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(data),
                  0, 0, 0, 0, len(name), 0)
        header = b"070701" + b"".join(b"%08x" % f for f in fields)
        self._padded(header + name)
        self._padded(data)

    def _padded(self, data):
        self.out.write(data + b"\0" * (-len(data) % 4))

    def directory(self, name):
        self._entry(name, stat.S_IFDIR | 0o755)

    def file(self, name, data, mode=0o644):
        self._entry(name, stat.S_IFREG | mode, data)

    def symlink(self, name, target):
        self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def tree(self, top, prefix=""):
        """Adds all that is below the directory top, each name after prefix."""
        for where, dirs, files in os.walk(top):
            dirs.sort()
            for entry in sorted(dirs + files):
                path = os.path.join(where, entry)
                self._copy(path, prefix + os.path.relpath(path, top))

    def _copy(self, path, name):
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            self.symlink(name, os.readlink(path))
        elif stat.S_ISDIR(mode):
            self.directory(name)
        elif stat.S_ISREG(mode):
            with open(path, "rb") as f:
                self.file(name, f.read(), 0o755 if mode & 0o100 else 0o644)

    def end(self):
        self._entry("TRAILER!!!", 0)


def main():
    top, name = sys.argv[1:]
    with open(name + ".new", "wb") as out:
        archive = Archive(out)
        archive.tree(top)
        archive.end()
    os.rename(name + ".new", name)


if __name__ == "__main__":
    main()
