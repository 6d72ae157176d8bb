#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""usage: bhyvectl.py BHYVECTL
What bhyvectl makes of a socket that is no honest VM's: commands to the terminal do
not get there. And what it says of a wrong use: one line, which names the mend."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

EVIL = "a\x1b]52;c;cm0gLXJm\x07\x9bb\x7f\nc"
ANSWER = {"name": EVIL, "pid": 1, "cpus": 1, "state": EVIL, EVIL: EVIL,
          "stats": {EVIL: EVIL}}


def serve(listener, answer):
    while True:
        client, _ = listener.accept()
        client.recv(4096)
        client.sendall(json.dumps(answer).encode() + b"\n")
        client.close()


def listen(directory, name, answer):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.join(directory, name + ".sock"))
    listener.listen()
    threading.Thread(target=serve, args=(listener, answer),
                     daemon=True).start()


def printed(program, work, *arguments):
    """Both outputs; as nobody, as root's sockets have a place of their own."""
    user = {"user": 65534} if os.geteuid() == 0 else {}
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd="/",
                          env={"XDG_RUNTIME_DIR": work,
                               "LD_LIBRARY_PATH": work}, **user)
    return done.stdout


def wrong_uses(program):
    failed = False
    for arguments, words in (
            (["--vresion"], "unknown option --vresion"),
            (["-x"], "unknown option -x"), (["--vm"], "--vm wants a value"),
            (["--json=1"], "takes no value"), (["g"], "--vm=g"),
            (["--get-stats"], "--vm=NAME"),
            (["--vm=g", "--core"], "-o FILE"),
            (["--vm=g", "--trace=0", "-o", "x"], "1 to 3600"),
            (["--vm=g", "--pause", "--resume"], "one command")):
        done = subprocess.run([program, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        good = (done.returncode == 2 and words in done.stderr and
                done.stderr.count("\n") == 1 and not done.stdout)
        print("ok" if good else f"not ok: {done}", *arguments)
        failed |= not good
    return failed


def main():
    work = tempfile.mkdtemp()
    program = shutil.copy(sys.argv[1], work)
    # Where nobody can read it, too.
    shutil.copy(os.path.join(os.path.dirname(sys.argv[1]), "..", "lib",
                             "libvmmapi.so.1"), work)
    directory = os.path.join(work, "bhyvearm")
    os.mkdir(directory)
    listen(directory, "evil", ANSWER)
    listen(directory, "error", {"error": EVIL})
    for path in (work, directory, *(os.path.join(directory, name)
                                    for name in os.listdir(directory))):
        os.chmod(path, 0o777)
    failed = wrong_uses(sys.argv[1])
    for arguments in ([], ["--vm=evil", "--get-stats"],
                      ["--vm=evil", "--get-all-regs"],
                      ["--vm=error", "--pause"]):
        out = printed(program, work, *arguments)
        text = out.decode("utf-8", "replace")
        good = b"\\x1b" in out and not any(
            (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in text)
        print("ok" if good else f"not ok: {out!r}", *arguments)
        failed |= not good
    shutil.rmtree(work)
    return failed


sys.exit(main())
