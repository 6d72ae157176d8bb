#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Where the symbols of Debian's armhf kernel are, for who debugs such a guest or host
# with what works elsewhere:
# - System.map in the image's package is one line, which names another package. That
#   one has 600 MB, and 2.7 GB unpacked.
# - The kernel's own table, /proc/kallsyms, has functions alone: CONFIG_KALLSYMS_ALL is
#   off, while Debian's amd64 kernel of the same version has it on.
# - In the zImage the first bytes that begin an xz file are in the unpacker's code. What
#   follows them does not unpack; the kernel is behind a later one.
# - The kernel lies 0x208000 bytes behind PAGE_OFFSET, and not 0x8000 as on most ARM
#   boards: the unpacker adds that to the start of memory.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

# Says of each place where an xz file seems to begin whether it unpacks, and then the
# offset that the code in front adds: ADD R4, R4, #offset, an immediate of 8 bits that
# is rotated (DDI 0406C, A5.2.4).
cat >"$tmp/look.py" <<'END'
import lzma
import re
import struct
import sys

data = open(sys.argv[1], "rb").read()
for match in re.finditer(rb"\xfd7zXZ\0", data):
    try:
        lzma.LZMADecompressor().decompress(data[match.start():])
        print("unpacks")
    except lzma.LZMAError:
        print("does not")
offsets = set()
for word, in struct.iter_unpack("<I", data[:0xe000]):
    turn, value = (word >> 8 & 15) * 2, word & 255
    value = (value >> turn | value << (32 - turn)) & 0xffffffff
    if word & 0xfffff000 == 0xe2844000 and value & 0xffff == 0x8000:
        offsets.add(f"{value:#x}")
print(*offsets)
END

look() { # SUITE VERSION ABI
	echo "Debian's linux-image-$3-armmp-lpae $2"
	unpack "$1" armhf "linux-image-$3-armmp-lpae=$2"
	root=$tmp/$1-armhf
	map=$(find "$root/boot" "$root/usr/lib/modules" -name 'System.map*' | head -n 1)
	config=$(find "$root/boot" "$root/usr/lib/modules" -name 'config*' -type f | head -n 1)
	image=$(find "$root/boot" "$root/usr/lib/modules" -name 'vmlinuz*' | head -n 1)
	expect "lines of System.map" 1 "$(wc -l <"$map")"
	expect "... which name another package" 1 "$(grep -c -e -dbg "$map")"
	expect "CONFIG_KALLSYMS_ALL" '# CONFIG_KALLSYMS_ALL is not set' \
		"$(grep -w CONFIG_KALLSYMS_ALL "$config")"
	expect "what begins as xz, and the offset" 'does not unpacks 0x208000 ' \
		"$(python3 "$tmp/look.py" "$image" | tr '\n' ' ')"
}

look bookworm 6.1.176-1 6.1.0-50
unpack bookworm amd64 linux-image-6.1.0-50-amd64-unsigned=6.1.176-1
expect "amd64's CONFIG_KALLSYMS_ALL" CONFIG_KALLSYMS_ALL=y \
	"$(grep -w CONFIG_KALLSYMS_ALL "$tmp"/bookworm-amd64/boot/config-*)"
exit "$changed"
