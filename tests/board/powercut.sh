#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# usage: powercut.sh [TIMES]
# What a guest has flushed is on the medium. The whole board dies, its page cache with it,
# at a random moment while the guest writes and reports what must last. TIMES: 2.
here=$(realpath "$(dirname "$0")")
tools=$here/../../tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/sbin:/usr/sbin

# The board's disk, with two disks of the guest on it: a file system, and a raw
# one.
make_card() {
	mkdir "$work/content"
	truncate -s 64M "$work/content/fs.img" "$work/content/raw.img"
	mke2fs -q -t ext4 "$work/content/fs.img"
	rm -f "$work/card.img"
	truncate -s 512M "$work/card.img"
	mke2fs -q -t ext4 -d "$work/content" "$work/card.img"
	rm -r "$work/content"
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
	for image in fs raw; do
		debugfs -R "dump /$image.img $work/$image.img" \
			"$work/card.img" 2>/dev/null
	done
	check "cut $cut: the guest's file system is sound" clean "$work/fs.img"
	check "cut $cut: all that was flushed is there" whole "$last"
done
