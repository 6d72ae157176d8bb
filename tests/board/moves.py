# SPDX-License-Identifier: BSD-2-Clause
"""A guest that moves from one board to another, with its disk on a third machine, while
it is connected to the first board."""
import argparse
import os
import sys
import tempfile

import storage

sys.path.insert(0, storage.TOOLS)
from boardlib import boards  # noqa: E402


def check(name, result, says=""):
    """result: status and output of a command."""
    status, output = result
    good = status == 0 and says in output
    if not good:
        print("\n".join(f"# {line}" for line in output.splitlines()[-30:]))
    print(f"{'ok' if good else 'not ok'} {name}", flush=True)


def move(one, two):
    one.run("sleep 100000 | nc -l -p 99 >stream 2>&1 & machine")
    check("the guest counts", one.run("counts_on 5 stream; cat web.out web.messages; "
                                      "[ $(counted stream) -ge 5 ]"))
    # What board 2 has cached, from before the guest wrote there, is not what it reads.
    two.run("exec 8</dev/nbd0; dd bs=1M count=1 of=/dev/null <&8; machine -R tcp:board2:4711; "
            "until bhyvectl --vm=web | grep receiving; do usleep 100000; done")
    check("it moves", one.run("bhyvectl --vm=web --migrate=tcp:board2:4711 && wait $vm"
                              "; [ $? = 5 ]"), "moved")
    check("... its connection goes on", one.run("counts_on 20 stream"))
    check("... and lacks no number", one.run(
        "tail -n 3 stream; ! grep -v '^count' stream && awk '$2 != NR' stream | "
        "head -n 3 >gaps; ! [ -s gaps ] || { cat gaps; false; }"))
    check("... it has read what it wrote there and here",
          two.run("grep -c '^count' web.out && ! grep 'not ok' web.out"))
    check("... and runs there", two.run("bhyvectl --vm=web"), "running")
    one.cut_power()
    check("the power of board 1 is cut: it still runs",
          two.run("sleep 2; bhyvectl --vm=web"), "running")
    check("... and nothing is in the kernel's log", two.run(
        "! dmesg | grep -E 'WARNING|BUG|Oops|lockup|detected stalls|Call trace'"))


def main():
    with tempfile.TemporaryDirectory() as work:
        share = os.path.join(work, "share")
        os.mkdir(share)
        storage.fill_share(share, "moves.onboard", "moves.inguest")
        args = argparse.Namespace(host="bookworm", cpu=2, mem=768, share=share)
        with storage.served(work, share, 16) as options, \
                boards.start(2, args, options) as pair:
            try:
                for board in pair.all:
                    board.run(". /share/moves.onboard")
                move(*pair.all)
            except boards.Failed as failure:
                print("\n".join(board.report() for board in pair.all))
                print(f"not ok {failure}")


main()
