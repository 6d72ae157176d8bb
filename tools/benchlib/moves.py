# SPDX-License-Identifier: BSD-2-Clause
"""Measures how long a guest stands still when it is saved and when it moves, and how soon
it runs again. The guest is Debian's kernel, which has filled 64 MiB of its page cache,
about 96 MiB in all, and then wakes up 50 times a second; its RAM has several sizes.
bhyve's figures are of the host's clock, which goes on by a nanosecond with each
instruction."""
import re
import sys

from benchlib import board

# In MiB.
SAVED = (128, 512, 2048)
MOVED = (256, 1024)

# Title and limit, by name.
ROWS = {
    "restore": ("exec of bhyve -r to the first instruction", 6000000),
    "checkpoint": ("checkpoint: it stands still, instructions", 8000000),
    "migrate": ("migration: it stands still, % of all", 5),
    "dirty": ("64 MiB written with the log on, to off", 1.05),
}

# The guest that is restored prints all the time, so that it does not sleep at first.
SET_UP = """
cd /tmp
mkdir -p more/lib
cp -r /lib/modules more/lib/
cat >more/idle <<-'END'
	modprobe -a virtio_mmio virtio_blk
	until [ -b /dev/vda ]; do usleep 10000; done
	cat /dev/vda >/dev/null
	(read -r _ && : >/busy) </dev/console &
	while [ ! -e /busy ]; do echo tick; usleep 20000; done
	while :; do echo tick; done
END
(cat /boot/initrd.img && cd more && find . | cpio -o -H newc 2>/dev/null) >initrd
rm -r more
head -c 67108864 /dev/zero | tr '\\0' x >disk
bhyve="/usr/bin/bhyve -c 1 -m $memory -o virtio.transport=mmio -s 2,virtio-blk,disk,ro"
mkfifo in
exec 3<>in
$bhyve -o kernel=/boot/vmlinuz -o initrd=initrd \
	-o fdt.bootargs='console=ttyAMA0 quiet -- sh /idle' here <in >out 2>err &
vm=$!
until grep -qs tick out; do
	[ -e /proc/$vm ] || { cat err; exit 1; }
	usleep 10000
done
sleep 2
"""
# Two trace points tell when bhyve was executed, and when the guest ran first.
SAVE = """
echo checkpoint $(bhyvectl --vm=here --checkpoint=kept)
rm kept
echo >&3
sleep 1
bhyvectl --vm=here --suspend=kept
wait $vm
cd /sys/kernel/debug/tracing
for event in syscalls/sys_enter_execve vmm/vmm_entry; do
	echo 1 >events/$event/enable
done
(cd /tmp && exec $bhyve -r kept >restored) &
sleep 1
echo 0 >tracing_on
grep -E 'sys_execve|vmm_entry' trace | head -n 200
"""
MOVE = """
$bhyve -R unix:/tmp/way there >there 2>&1 &
until [ -S way ]; do usleep 10000; done
echo migrate $(bhyvectl --vm=here --migrate=unix:/tmp/way)
bhyvectl --vm=there --destroy
"""


def on_board(commands):
    return board.run(commands, [], machine=("--icount", "--mem", "2048"))


def with_guest(memory, commands):
    return on_board(f"memory={memory}M\n{SET_UP}{commands}")


def find(pattern, out):
    found = re.search(pattern, out, re.M)
    if not found:
        sys.exit("bench: the board showed not all numbers:\n" + out[-3000:])
    return found


def copied(what, out):
    """Of what bhyvectl says: how long all of it took, and the guest stood still, in ms."""
    ms, still = find(rf"^{what} .* in (\d+) ms .* for ([\d.]+) ms", out).groups()
    return int(ms), float(still)


def restored(out):
    """In instructions, from the trace: of the process that ran a guest first."""
    pid, ran = find(r" ([\d.]+): vmm_entry: vm=(\d+) ", out).group(2, 1)
    executed = find(rf"-{pid} .* ([\d.]+): sys_execve", out)[1]
    return round((float(ran) - float(executed)) * 1e9)


def saved(memory):
    out = with_guest(memory, SAVE)
    yield "checkpoint", round(copied("checkpoint", out)[1] * 1e6)
    yield "restore", restored(out)


def moved(memory):
    ms, still = copied("migrate", with_guest(memory, MOVE))
    yield "migrate", round(100 * still / ms, 2)


def written(_):
    times = find(r"off [\d.]+ ([\d.]+)\n.*, then ([\d.]+)\n",
                 on_board("/tests/vm_dirty time"))
    yield "dirty", round(float(times[2]) / float(times[1]), 4)


def bench():
    """Prints each row when it is known; it takes minutes."""
    print("bench: moves", file=sys.stderr)
    print(f"{'a guest that moves':52} {'MiB':>5} {'most':>8} {'ours':>9}")
    results = []
    for measure, sizes in (saved, SAVED), (moved, MOVED), (written, (64,)):
        for size in sizes:
            for name, value in measure(size):
                title, most = ROWS[name]
                print(f"{title:52} {size:>5} {most:>8} {value:>9} "
                      f"{'ok' if value <= most else 'over'}", flush=True)
                results.append({"name": f"moves-{name}", "mib": size, "value": value})
    return results
