#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: powercut.sh [TIMES [qcow2]]
# What a guest has flushed is on the medium. The whole board dies, its page cache with it,
# at a random moment while the guest writes and reports what must last. TIMES: 2. With
# "qcow2" it is qemu-storage-daemon that has the images: the file system's is one of
# qcow2.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
kind=${2-raw}
. "$here/take_programs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/sbin:/usr/sbin

# The board's disk, with two disks of the guest on it: a file system, and a raw
# one.
make_card() {
	mkdir "$work/content"
	truncate -s 64M "$work/content/fs.img" "$work/content/raw.img"
	mke2fs -q -t ext4 "$work/content/fs.img"
	[ "$kind" = raw ] || into_qcow2 "$work/content"
	rm -f "$work/card.img"
	truncate -s 512M "$work/card.img"
	mke2fs -q -t ext4 -d "$work/content" "$work/card.img"
	rm -r "$work/content"
}

into_qcow2() { # DIRECTORY of fs.img, which goes
	qemu-img convert -q -O qcow2 "$1/fs.img" "$1/fs.qcow2"
	rm "$1/fs.img"
}

# A cut may leave clusters that nobody uses (status 3), but nothing wrong.
out_of_qcow2() {
	qemu-img check -q "$work/fs.qcow2" >"$work/check" 2>&1
	case $? in 0|3) ;; *)
		sed 's/^/# /' "$work/check"
		return 1 ;;
	esac
	qemu-img convert -q -O raw "$work/fs.qcow2" "$work/fs.img"
}

take() { # IMAGE: out of the board's file system
	debugfs -R "dump /$1 $work/$1" "$work/card.img" 2>/dev/null
}

random() { # SEED BELOW
	awk -v seed="$1$$" -v below="$2" \
		'BEGIN { srand(seed); print int(1 + below * rand()) }'
}

# Ends by killing the board.
run_and_cut() { # NUMBER
	BOARD_QEMU="-drive if=none,id=card,format=raw,file=$work/card.img
		-device virtio-blk-device,drive=card" \
		"$tools/board" --timeout 1200 --share "$work/share" -- \
		sh /share/powercut.onboard </dev/null >"$work/out" 2>&1 &
	board=$!
	writes=$(random "$1" 40)
	until [ "$(grep -c '^durable' "$work/out")" -ge "$writes" ]; do
		kill -0 $board 2>/dev/null || return 1
		sleep 0.1
	done
	sleep "0.$(random "$1" 1000)"
	read -r qemu </proc/$board/task/$board/children
	kill -KILL $board
	wait $board 2>/dev/null
	# The board's process ends with its starter, but a moment later.
	while readlink "/proc/$qemu/exe" >/dev/null; do sleep 0.1; done
}

# A file system replays its journal after a power cut; nothing else may need
# repair.
clean() { # IMAGE
	e2fsck -fp "$1" >"$work/fsck" 2>&1
	[ $? -le 1 ] && e2fsck -fn "$1" >>"$work/fsck" 2>&1 && return
	sed 's/^/# /' "$work/fsck"
	return 1
}

pattern() { # NUMBER: as powercut.inguest writes it
	yes "$1" | head -c 8192
}

whole() { # LAST: all files and blocks as far as they were said to be durable
	mkdir "$work/files"
	debugfs -R "rdump / $work/files" "$work/fs.img" 2>/dev/null
	lost=$(for n in $(seq "$1"); do
		pattern "$n" >"$work/want"
		cmp -s "$work/want" "$work/files/$n" &&
			cmp -s -n 8192 -i 0:$((n * 8192)) "$work/want" \
				"$work/raw.img" || echo "$n"
	done)
	rm -r "$work/files"
	[ -z "$lost" ] || echo "# lost:" $lost
	[ -z "$lost" ]
}

check() { # NAME CONDITION...
	what=$1
	shift
	if "$@"; then echo "ok $what"; else echo "not ok $what"; fi
}

mkdir "$work/share"
if [ "$kind" = qcow2 ]; then
	"$tools/setup" qemu-utils >&2
	take_programs "$work/share" bin/qemu-storage-daemon || exit
fi
cp "$here/powercut.onboard" "$here/powercut.inguest" "$work/share/"
for cut in $(seq "${1-2}"); do
	make_card
	if ! run_and_cut "$cut"; then
		tail -n 30 "$work/out"
		echo "not ok cut $cut: the guest writes"
		continue
	fi
	last=$(tr -d '\r' <"$work/out" | sed -n 's/^durable \([0-9]*\)$/\1/p' |
		tail -n 1)
	echo "ok cut $cut: the guest has written $last times"
	check "cut $cut: the board's file system is sound" \
		clean "$work/card.img"
	take raw.img
	if [ "$kind" = qcow2 ]; then
		take fs.qcow2
		check "cut $cut: the image of qcow2 is sound" out_of_qcow2
	else
		take fs.img
	fi
	check "cut $cut: the guest's file system is sound" clean "$work/fs.img"
	check "cut $cut: all that was flushed is there" whole "$last"
done
