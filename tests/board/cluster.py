# SPDX-License-Identifier: BSD-2-Clause
"""Debian's Pacemaker and Corosync on two boards run a guest whose disk is a third
machine's: it moves live, and it is started again when the power of its board is cut."""
import argparse
import os
import sys
import tempfile

import storage

sys.path.insert(0, storage.TOOLS)
from boardlib import boards  # noqa: E402

# A board's time goes on with its instructions, one nanosecond each. So the timeouts of
# Corosync and Pacemaker do not expire because this machine has other things to do.
SLOW_HOST = ["-icount", "shift=0"]
# For one command, in this machine's time.
SECONDS = 1800


def check(name, result, says=""):
    """result: status and output of a command."""
    status, output = result
    good = status == 0 and says in output
    if not good:
        print("\n".join(f"# {line}" for line in output.splitlines()[-60:]))
    print(f"{'ok' if good else 'not ok'} {name}", flush=True)
    if not good:
        raise boards.Failed(name)


def started_on(board, number):
    return board.run(f"until_says 400 'web.*Started board{number}' crm_mon -1; ", SECONDS)


def join(*nodes):
    for board in nodes:
        board.run(". /share/cluster.onboard")
    for board in nodes:
        board.run("join")
    for board in nodes:
        check(f"board {board.number} is in the cluster", board.run(
            "until_says 300 'Online: .*board1 board2' crm_mon -1", SECONDS))


def begin(one, two):
    join(one, two)
    one.run("cp /share/cluster.xml /system/tmp/")
    check("the cluster is configured", one.run(
        "inside cibadmin --modify --allow-create --scope configuration"
        " --xml-file=/tmp/cluster.xml"))
    check("it has nothing against that", one.run("inside crm_verify -L -V"))
    check("it starts the guest on board 1", started_on(one, 1))
    check("... which counts", one.run("counts_on 3", SECONDS))


def move(one, two):
    check("crm_resource --move", one.run(
        "inside crm_resource --move --resource web --node board2"))
    check("the guest is on board 2", started_on(two, 2))
    check("... and counts", two.run("counts_on 5", SECONDS))
    check("... from where it was", two.run(
        "tr -d '\\r' </system/run/web.log | grep '^count' | head -n 3; "
        "! grep -E 'found|not ok|Booting Linux' /system/run/web.log"))
    check("... and not on board 1", one.run(
        "! pidof bhyve && cat /system/run/resource-agents/*.messages"))
    one.run("inside crm_resource --clear --resource web")
    check("... which was a migration", two.run(
        "grep 'migrate_from operation for web on board2: ok' "
        "/system/var/log/pacemaker/pacemaker.log"))


def lose(one, two):
    two.cut_power()
    check("the power of board 2 is cut: the guest starts on board 1", started_on(one, 1))
    check("... after board 2 was fenced", one.run(
        "inside stonith_admin --history=board2 --verbose"), "off")
    check("... finds its disk", one.run(
        "rm -f /tmp/found; for i in $(seq 200); do "
        "grep -q 'found [1-9]' /system/run/web.log && break; sleep 1; done; "
        "grep 'found [1-9]' /system/run/web.log", SECONDS))
    check("... and counts", one.run("counts_on 5", SECONDS))


def rejoin(one, two):
    two.give_power()
    join(two)
    check("board 2 is back, and the guest stays", started_on(one, 1))
    check("crm_resource --move again", one.run(
        "inside crm_resource --move --resource web --node board2"))
    check("the guest moves there", started_on(two, 2))
    check("... and counts", two.run("counts_on 5", SECONDS))
    for board in one, two:
        check(f"board {board.number}: nothing is in the kernel's log", board.run(
            "! dmesg | grep -E 'WARNING|BUG|Oops|lockup|detected stalls'"))


def main():
    with tempfile.TemporaryDirectory() as work:
        share = os.path.join(work, "share")
        os.mkdir(share)
        storage.fill_share(share, "cluster.onboard", "cluster.inguest", "cluster.xml",
                           "fence_board")
        args = argparse.Namespace(host="bookworm", cpu=1, mem=1024, share=share)
        with storage.served(work, share, 16) as options, \
                boards.start(2, args, lambda n: options(n) + SLOW_HOST) as pair:
            try:
                for step in begin, move, lose, rejoin:
                    step(*pair.all)
            except boards.Failed as failure:
                print(f"not ok {failure}")
                for board in pair.all:
                    try:
                        print(board.run("logs", 60)[1])
                    except boards.Failed:
                        print(board.report())


main()
