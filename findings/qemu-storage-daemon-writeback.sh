#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# qemu-storage-daemon's vhost-user-blk says in its configuration that its cache writes
# through (writeback is 0; virtio 1.2, 5.2.4), and writes back until a front end sets that
# field. A driver that reads the field, as Linux does where CONFIG_WCE is offered, sends
# no flush, so what its fsync() has promised is gone after a power cut.
#
# A front end of vhost-user connects, reads the field and has one sector written four
# times, each after the other, once as it is and once after it has set the field to the
# value that it had. strace counts how often the daemon synchronizes the image: after the
# field was set, three times for four writes. Which write has none was not looked into.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

cat >"$tmp/front.py" <<'END'
import mmap, os, socket, struct, sys, time

path, told = sys.argv[1], len(sys.argv) > 2
sock = socket.socket(socket.AF_UNIX)
sock.connect(path)

def tell(request, payload=b"", fds=()):
    socket.send_fds(sock, [struct.pack("<III", request, 1, len(payload)) + payload], fds)

def ask(request, payload=b""):
    tell(request, payload)
    size = struct.unpack("<III", sock.recv(12, socket.MSG_WAITALL))[2]
    return sock.recv(size, socket.MSG_WAITALL)

def number(request, value=None):
    return struct.unpack("<Q", ask(request))[0]

features = number(1)
tell(3)
tell(2, struct.pack("<Q", 1 << 32 | 1 << 30))
number(15)
tell(16, struct.pack("<Q", 1 << 9))  # CONFIG
writeback = ask(24, struct.pack("<III", 0, 60, 0) + bytes(60))[12 + 32]
if told:
    tell(25, struct.pack("<III", 32, 1, 0) + bytes([writeback]))

# One descriptor for each of the header, the sector and the status; virtio 1.2, 2.7.
size, base = 0x10000, 0x100000
memory = os.memfd_create("guest")
os.ftruncate(memory, size)
ram = mmap.mmap(memory, size)
for i, (at, length, flags) in enumerate([(0x4000, 16, 1), (0x5000, 512, 1), (0x6000, 1, 2)]):
    ram[0x1000 + 16 * i:0x1010 + 16 * i] = struct.pack("<QIHH", at, length, flags, i + 1)
ram[0x4000:0x4010] = struct.pack("<IIQ", 1, 0, 0)  # writes sector 0
kick, call = os.eventfd(0), os.eventfd(0)
tell(5, struct.pack("<II4Q", 1, 0, 0, size, base, 0), [memory])
tell(8, struct.pack("<II", 0, 8))
tell(10, struct.pack("<II", 0, 0))
tell(9, struct.pack("<II4Q", 0, 0, base + 0x1000, base + 0x3000, base + 0x2000, 0))
tell(13, struct.pack("<Q", 0), [call])
tell(12, struct.pack("<Q", 0), [kick])
tell(18, struct.pack("<II", 0, 1))
for n in range(4):
    ram[0x6000] = 0xff
    ram[0x2002:0x2004] = struct.pack("<H", n + 1)  # the ring's entries are all 0
    os.eventfd_write(kick, 1)
    for _ in range(600):
        if ram[0x6000] != 0xff:
            break
        time.sleep(0.1)
print("CONFIG_WCE %d, writeback %d, status %d" % (features >> 11 & 1, writeback, ram[0x6000]))
END

serve() { # SUITE
	rm -f "$tmp/socket" "$tmp/calls" "$tmp/pid"
	truncate -s 1M "$tmp/image"
	run "$1-amd64" strace -f -o "$tmp/calls" -e trace=fdatasync,fsync,pwritev2 \
		"$tmp/$1-amd64/lib64/ld-linux-x86-64.so.2" \
		--library-path "$tmp/$1-amd64/usr/lib/x86_64-linux-gnu" \
		"$tmp/$1-amd64/usr/bin/qemu-storage-daemon" \
		--blockdev driver=file,node-name=image,filename="$tmp/image" \
		--export type=vhost-user-blk,id=disk,node-name=image,writable=on,addr.type=unix,addr.path="$tmp/socket" \
		--pidfile "$tmp/pid" >"$tmp/said" 2>&1 &
	for _ in $(seq 600); do
		[ ! -e "$tmp/socket" ] || return 0
		sleep 0.1
	done
	cat "$tmp/said" >&2
	return 1
}

writes() { # SUITE [told]
	serve "$1"
	shift
	front=$(python3 "$tmp/front.py" "$tmp/socket" "$@")
	# A daemon that ends by itself synchronizes its image once more.
	kill -KILL "$(cat "$tmp/pid")"
	wait
	count=$(grep -cE 'sync\(|RWF_DSYNC' "$tmp/calls" || :)
	echo "$front, $count synchronized"
}

look() { # SUITE PACKAGE VERSION
	unpack "$1" amd64 "$2=$3" "strace=$4"
	expect "$3: as it is" 'CONFIG_WCE 1, writeback 0, status 0, 0 synchronized' \
		"$(writes "$1")"
	expect "$3: set to the same" 'CONFIG_WCE 1, writeback 0, status 0, 3 synchronized' \
		"$(writes "$1" told)"
}
look bookworm qemu-system-common 1:7.2+dfsg-7+deb12u18+b3 6.1-0.1
look trixie qemu-utils 1:10.0.13+ds-0+deb13u1 6.13+ds-1
exit "$changed"
