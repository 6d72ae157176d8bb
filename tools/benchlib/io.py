# SPDX-License-Identifier: BSD-2-Clause
"""Measures what disks and networks cost a guest that runs Debian's kernel with
tests/bench/io.c as its only program. The board's host runs the same program for
comparison. One CPU, which executes one instruction a nanosecond."""
import os
import re
import sys
import tempfile

from benchlib import board, initrd

# name, title
ROWS = (
    ("blk-read-1", "virtio-blk, 4 KiB read at random"),
    ("blk-write-1", "... written"),
    ("blk-read-32", "... read, 32 at once"),
    ("blk-write-32", "... written, 32 at once"),
    ("net-ask", "virtio-net, TCP, a byte and one back"),
    ("net-send", "... sent, 64 KiB"),
    ("net-receive", "... received, 64 KiB"),
)
# Counters of a vCPU.
COUNTERS = {"exits": "guest entries", "kicks": "exits: MMIO to an eventfd",
            "user": "returns to user space"}

# The host's disk is a loop device: both sides have a block device in front of
# the same file, and a thread that reads and writes it. The host's network is a
# veth pair: both sides have two interfaces, and two ends of TCP.
ON_BOARD = """
cd /tmp
cp /share/io .
dd if=/dev/zero of=disk bs=1M count=64 2>/dev/null
mkfifo in out
modprobe -a tun loop veth vhost_net
bhyve -c 1 -m 256M -o kernel=/boot/vmlinuz -o initrd=/share/initrd \
-o fdt.bootargs='console=ttyAMA0 rdinit=/init quiet' \
-s 1,virtio-blk,disk -s 2,virtio-net,tap0 bench <in >out &
exec 3>in 4<out
until ip link show tap0 >/dev/null 2>&1; do usleep 100000; done
ip addr add 192.0.2.1/24 dev tap0
ip link set tap0 up
./io serve &
server=$!
while read -r word rest <&4; do
	echo "$word $rest"
	if [ "$word" = look ]; then
		bhyvectl --vm=bench --get-stats
		echo >&3
	fi
done
kill $server
exec 3>&- 4<&-
losetup /dev/loop0 disk
unshare -n sleep 1000000 &
other=$!
sleep 1
ip link add near type veth
ip link set veth0 netns $other
nsenter -t $other -n sh -c \
	'ip addr add 192.0.2.1/24 dev veth0; ip link set veth0 up; exec ./io serve' &
ip addr add 192.0.2.2/24 dev near
ip link set near up
sleep 2
echo host
./io /dev/loop0 192.0.2.1
"""


def results_of(lines):
    """Reads lines "io NAME NS OPERATIONS": (ns, operations) by name."""
    return {name: (int(ns), int(ops)) for name, ns, ops in
            re.findall(r"^io (\S+) (\d+) (\d+)\r?$", lines, re.M)}


def counters_of(looks):
    """By name, how much each counter of the vCPU grew from its first reading to its
    second. looks: the readings, two for each name."""
    seen = {}
    for look in looks:
        name = look.split(None, 1)[0]
        seen.setdefault(name, []).append(
            {key: int(re.search(rf"^{text} +(\d+)$", look, re.M)[1])
             for key, text in COUNTERS.items()})
    return {name: {key: after[key] - before[key] for key in COUNTERS}
            for name, (before, after) in seen.items()}


def numbers(out):
    guest, _, host = out.partition("\nhost\n")
    own, theirs = results_of(host), results_of(guest)
    if not own or set(own) != set(theirs):
        sys.exit("bench: the board showed no numbers:\n" + out[-2000:])
    counts = counters_of(guest.split("\nlook ")[1:])
    return [result(name, own[name], theirs[name],
                   counts[name], counts["nothing"]) for name, _ in ROWS]


def result(name, own, guest, counts, looking):
    """The table's row for one operation. What reading the counters itself costs
    (looking) is subtracted."""
    ops = own[1]
    per_op = {key: round((counts[key] - looking[key]) / ops, 2)
              for key in COUNTERS}
    return {"name": f"io-{name}", "ratio": round(guest[0] / own[0], 3),
            "guest": round(guest[0] / ops), "host": round(own[0] / ops),
            **per_op}


def show(results):
    print(f"{'an operation of a guest to one of the host':42} {'ours':>6} "
          f"{'host':>8} {'guest':>8} {'exits':>6} {'kicks':>6} {'user':>6}")
    for (_, title), got in zip(ROWS, results):
        print(f"{title:42} {got['ratio']:>6.2f} {got['host']:>8} "
              f"{got['guest']:>8} {got['exits']:>6.2f} {got['kicks']:>6.2f} "
              f"{got['user']:>6.2f}")
    print("""host, guest: instructions, the other end of TCP included. Disk: O_DIRECT, \
a file in the
board's memory, by virtio-blk or the host's loop device. Network: a tap, or a veth pair.
exits, kicks, user: of the vCPU, to the kernel, there to an eventfd, to user space.""")


def bench():
    print("bench: disk and network", file=sys.stderr)
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "initrd")
        initrd.write(path, "io", ("virtio_pci", "virtio_blk", "virtio_net"))
        out = board.run(ON_BOARD, [path, board.program("io")])
    results = numbers(out)
    show(results)
    return results
